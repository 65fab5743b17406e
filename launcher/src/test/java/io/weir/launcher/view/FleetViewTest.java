package io.weir.launcher.view;

import static io.weir.launcher.view.Records.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.schemas.EngineLoad;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.Role;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.Topics;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FleetViewTest {
  private final FleetState state = new FleetState();

  private void engine(EngineSpec spec) {
    state.record(Records.at(Topics.engines(), spec.getId(), spec));
  }

  private void weights(RoutingWeights table) {
    state.record(Records.at(Topics.weights(), table.getSource() + "/" + table.getPool(), table));
  }

  private EngineStatus status(EngineSpec spec) {
    return EngineStatus.of(state.at(NOW), spec);
  }

  @Test
  void anEnginesShareCountsSourcesByTheirDemand() {
    EngineSpec a = Records.engine("a");
    weights(Records.table("us", 30, Records.weight("a", 1), Records.weight("b", 0)));
    weights(Records.table("eu", 10, Records.weight("a", .2), Records.weight("b", .8)));

    assertThat(status(a).share().orElseThrow()).isCloseTo(.8, within(1e-9));
    assertThat(status(Records.engine("b")).share().orElseThrow()).isCloseTo(.2, within(1e-9));
    assertThat(status(Records.engine("c")).share()).isEmpty();
  }

  @Test
  void stateIsTheOwnersWordThenTheEnginesOwn() {
    EngineSpec a = Records.engine("a");
    assertThat(status(a).state()).isEqualTo("serving");

    var down = Records.sample("a").setUp(false).build();
    state.record(Records.at(Topics.telemetry(), "a", down));
    assertThat(status(a).state()).isEqualTo("down");
    assertThat(status(Records.spec("a").setDraining(true).build()).state()).isEqualTo("draining");

    EngineSpec.Builder b = Records.spec("b");
    assertThat(status(b.setRampFrom(NOW.minusSeconds(20)).build()).state()).isEqualTo("ramping");
    assertThat(status(b.setRampFrom(NOW.minusSeconds(90)).build()).state()).isEqualTo("serving");
  }

  @Test
  void aRemovedEngineIsForgotten() {
    engine(Records.engine("a"));
    state.record(Records.at(Topics.engines(), "a", null));

    assertThat(state.at(NOW).engines()).isEmpty();
  }

  @Test
  void onlyMembersThatLiveCount() {
    state.record(Records.at(Topics.members(), "d1", member("d1", 3, NOW)));
    Member dead = member("d2", 5, NOW.minusSeconds(30));
    state.record(Records.at(Topics.members(), "d2", dead));

    assertThat(state.at(NOW).inFlight("a")).isEqualTo(3);
    assertThat(state.at(NOW).ready("us")).isEqualTo(2);
  }

  private static Member member(String id, int inFlight, Instant at) {
    return Member.newBuilder()
        .setId(id)
        .setRole(Role.DISPATCHER)
        .setSource("us")
        .setEpoch(1)
        .setBeat(0)
        .setAt(at)
        .setStartedAt(NOW)
        .setAddress("http://127.0.0.1:1")
        .setLeaving(false)
        .setPools(
            List.of(
                PoolLoad.newBuilder()
                    .setPool("llama")
                    .setReady(2)
                    .setEngines(List.of(new EngineLoad("a", inFlight)))
                    .build()))
        .build();
  }

  @Test
  void aTableSaysWhatExplainsIt() {
    List<String> lines =
        WeightsText.of(
            Records.table("us", 12, Records.weight("a", 1), Records.weight("long-name", 0)), NOW);

    assertThat(lines)
        .containsExactly(
            "us → llama   version 1700000000000.42 (moved), 3 s old   gap 0.02 %   tau 10.0 ms",
            "  stale inputs: telemetry",
            "  standard: planned for 12.0/s, one more costs 200.0 ms",
            "  ENGINE     WEIGHT  LOAD  PRICE     WORK  GEOGRAPHY  ABOVE BEST  ALLOTMENT     TPOT"
                + "  CAPACITY  NOTE",
            "  a           1.000  0.63   1.25  43.0 ms    84.9 ms           0        4.0  11.2 ms"
                + "      1.00",
            "  long-name       0  0.63   1.25  43.0 ms    84.9 ms           0        4.0  11.2 ms"
                + "      1.00");
  }

  @Test
  void theScreenTellsRatesSinceTheOneBefore() {
    engine(Records.engine("a"));
    state.record(Records.at(Topics.telemetry(), "a", Records.sample("a").build()));
    weights(Records.table("us", 12, Records.weight("a", 1)));
    var clock = new AtomicReference<>(NOW);
    TopScreen screen = new TopScreen(() -> state.at(clock.get()));

    for (int i = 0; i < 6; i++) {
      state.record(Records.at(Topics.lifecycle(), "r" + i, Lives.dispatched("us", "a")));
    }
    clock.set(NOW.plusSeconds(2));

    assertThat(screen.next())
        .anyMatch(line -> line.matches("us +0.0/s +3.0/s +0.0/s.*"))
        .anyMatch(line -> line.matches("a +llama +serving +3.0/s +1.000 .* 7 .* 25 % +9.5 ms"))
        .anyMatch(line -> line.matches("us → llama +5 s .*moved +1700000000000.42 +telemetry"));
  }
}
