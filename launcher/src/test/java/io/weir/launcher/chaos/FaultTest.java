package io.weir.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void aFaultIsReadFromItsWords() {
    assertThat(Fault.parse("kill:dispatcher-1"))
        .isEqualTo(new Fault(FaultAction.KILL, Role.DISPATCHER, "dispatcher-1"));
    assertThat(Fault.parse("restart:weights-job"))
        .isEqualTo(new Fault(FaultAction.RESTART, Role.WEIGHTS_JOB, "weights-job"));
    assertThatThrownBy(() -> Fault.parse("tickle:dispatcher-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tickle:dispatcher-1");
  }

  @Test
  void theMatrixDoesEverythingToEveryRole() {
    List<Fault> matrix = Fault.matrix();
    assertThat(matrix).doesNotHaveDuplicates();
    assertThat(matrix).hasSize(FaultAction.values().length * Role.values().length);
  }

  @Test
  void aShortRunTouchesEveryRoleButTheRegistry() {
    assertThat(Fault.onePerRole().stream().map(Fault::role))
        .containsAll(Arrays.stream(Role.values()).filter(role -> role != Role.REGISTRY).toList());
  }

  @Test
  void aRequestsNumberIsFoundInItsBody() {
    ChaosRequest request = Requests.stream(4711, 3);
    assertThat(ChaosRequest.numberIn(request.body())).contains(4711);
    assertThat(ChaosRequest.numberIn("{\"messages\":[]}")).isEmpty();
  }

  @Test
  void aLoadIsTheSameForTheSameSeed() {
    Workload one = new Workload(5, 10, new Offer(true, true, true));
    Workload two = new Workload(5, 10, new Offer(true, true, true));
    for (int i = 0; i < 100; i++) {
      assertThat(one.next()).isEqualTo(two.next());
    }
  }
}
