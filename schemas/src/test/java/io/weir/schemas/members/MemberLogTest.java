package io.weir.schemas.members;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Member;
import io.weir.schemas.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is alive by what the log says; silence is 3.5 s. */
class MemberLogTest {
  private final MemberLog log = new MemberLog(LeaseTerms.STANDARD);

  @Test
  void aMemberIsDeadWhenAControllersHeartbeatIsMoreThanLeaseAndMarginNewer() {
    // Given
    beat("d1", Role.DISPATCHER, 1, 10_000);
    beat("c1", Role.CONTROLLER, 1, 10_000);

    // When
    beat("c1", Role.CONTROLLER, 1, 13_500);

    // Then
    assertThat(live()).containsExactly("c1", "d1");

    // When
    beat("c1", Role.CONTROLLER, 1, 13_501);

    // Then
    assertThat(live()).containsExactly("c1");
  }

  @Test
  void heartbeatsOfOthersAreNoClockWhileAControllerBeats() {
    // Given
    beat("d1", Role.DISPATCHER, 1, 10_000);
    beat("c1", Role.CONTROLLER, 1, 10_200);

    // When
    beat("d2", Role.DISPATCHER, 1, 13_600);

    // Then
    assertThat(live()).containsExactly("c1", "d1", "d2");
    assertThat(log.members().clockMillis()).isEqualTo(10_200);
  }

  @Test
  void heartbeatsOfAnybodyAreTheClockWhereNoControllerIs() {
    // Given
    beat("d1", Role.DISPATCHER, 1, 10_000);

    // When
    beat("d2", Role.DISPATCHER, 1, 13_501);

    // Then
    assertThat(live()).containsExactly("d2");
  }

  @Test
  void controllersThatFellSilentAreFoundDeadByAnybody() {
    // Given
    beat("c1", Role.CONTROLLER, 1, 10_000);
    beat("d1", Role.DISPATCHER, 1, 10_000);

    // When
    beat("d1", Role.DISPATCHER, 1, 13_501);

    // Then
    assertThat(live()).containsExactly("d1");
  }

  @Test
  void oneControllerFindsAnotherDead() {
    // Given
    beat("c1", Role.CONTROLLER, 1, 10_000);

    // When
    beat("c2", Role.CONTROLLER, 1, 13_600);

    // Then
    assertThat(log.members().ids(Role.CONTROLLER)).containsExactly("c2");
  }

  @Test
  void whoLeavesIsGoneAtOnceAndMayComeBack() {
    // Given
    beat("d1", Role.DISPATCHER, 1, 10_000);

    // When
    log.apply("d1", Optional.of(member("d1", Role.DISPATCHER, 1, true)), 10_100);

    // Then
    assertThat(live()).isEmpty();

    // When
    beat("d1", Role.DISPATCHER, 2, 10_200);

    // Then
    assertThat(live()).containsExactly("d1");
  }

  @Test
  void whatAnEarlierEpochStillSendsIsIgnored() {
    // Given
    beat("d1", Role.DISPATCHER, 7, 10_000);

    // When
    log.apply("d1", Optional.of(member("d1", Role.DISPATCHER, 6, true)), 10_100);

    // Then
    assertThat(log.members().find("d1").orElseThrow().getEpoch()).isEqualTo(7);
  }

  @Test
  void theDeadComeBackWithTheirNextHeartbeat() {
    // Given
    beat("d1", Role.DISPATCHER, 1, 10_000);
    beat("c1", Role.CONTROLLER, 1, 20_000);
    assertThat(live()).containsExactly("c1");

    // When
    beat("d1", Role.DISPATCHER, 1, 20_001);

    // Then
    assertThat(live()).containsExactly("c1", "d1");
  }

  @Test
  void namesThatSomebodyMakesUpAreForgotten() {
    // When
    for (int i = 0; i < 10_050; i++) {
      beat("d" + i, Role.DISPATCHER, 1, 10_000 + i);
    }

    // Then
    assertThat(live()).hasSizeLessThanOrEqualTo(10_000).contains("d10049").doesNotContain("d0");
  }

  private List<String> live() {
    return log.members().live().stream().map(each -> each.member().getId()).toList();
  }

  private void beat(String id, Role role, long epoch, long appended) {
    log.apply(id, Optional.of(member(id, role, epoch, false)), appended);
  }

  private static Member member(String id, Role role, long epoch, boolean leaving) {
    return Member.newBuilder()
        .setId(id)
        .setRole(role)
        .setEpoch(epoch)
        .setBeat(0)
        .setAt(Instant.EPOCH)
        .setStartedAt(Instant.EPOCH)
        .setAddress("http://127.0.0.1:1")
        .setLeaving(leaving)
        .setPools(List.of())
        .build();
  }
}
