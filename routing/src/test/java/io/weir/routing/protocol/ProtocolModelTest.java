package io.weir.routing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.fleet.OnInterruption;
import io.weir.routing.protocol.Faults.Kind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The claim protocol in a small world, in which everything happens in every order. The reducers and
 * the recovery are the real ones; the processes are small copies of what the roles do. In every
 * state a request that was accepted is in somebody's custody, its text is its own and has no hole,
 * a visible terminal is that of the END that stands, no slot is lost; and from every state
 * everything comes to its end without another fault.
 */
class ProtocolModelTest {
  private static final int ALL = 200_000;

  /** How many of the states of a world that is too large to see all of. */
  private static final int SOME = Integer.getInteger("weir.model.states", 30_000);

  private static final int WALKS = Integer.getInteger("weir.model.walks", 100);

  static List<Scenario> small() {
    return List.of(
        Scenario.of(Kind.INGRESS_CRASH, Kind.DISPATCHER_CRASH),
        Scenario.of(Kind.DISPATCHER_CRASH).watched(OnInterruption.ERROR),
        Scenario.of(Kind.DISPATCHER_CRASH).watched(OnInterruption.CONTINUE),
        Scenario.of(Kind.FALSE_DEATH),
        Scenario.of(Kind.EXPIRY),
        Scenario.of(Kind.SEND_FAILS, Kind.ENGINE_FAILS),
        Scenario.of(Kind.SEND_FAILS, Kind.REBALANCE).watched(OnInterruption.CONTINUE),
        Scenario.of(Kind.REBALANCE));
  }

  @ParameterizedTest
  @MethodSource("small")
  void whateverHappensEveryRequestEndsOnceWithItsOwnText(Scenario scenario) {
    assertThat(Explorer.explore(scenario, ALL)).isGreaterThan(100);
  }

  static List<Scenario> large() {
    return List.of(
        Scenario.of(Kind.DISPATCHER_CRASH, Kind.CONTROLLER_CRASH),
        Scenario.of(Kind.FALSE_DEATH, Kind.SEND_FAILS).controllers(2),
        Scenario.of(Kind.FALSE_DEATH, Kind.FALSE_DEATH).watched(OnInterruption.CONTINUE));
  }

  @ParameterizedTest
  @MethodSource("large")
  void nothingIsWrongInTheNearestStatesOfLargerWorlds(Scenario scenario) {
    assertThat(Explorer.exploreNearest(scenario, SOME)).isGreaterThan(100);
  }

  static List<Scenario> wild() {
    List<Kind> faults =
        List.of(
            Kind.INGRESS_CRASH,
            Kind.DISPATCHER_CRASH,
            Kind.DISPATCHER_CRASH,
            Kind.FALSE_DEATH,
            Kind.FALSE_DEATH,
            Kind.CONTROLLER_CRASH,
            Kind.CONTROLLER_CRASH,
            Kind.REBALANCE,
            Kind.SEND_FAILS,
            Kind.SEND_FAILS,
            Kind.ENGINE_FAILS,
            Kind.EXPIRY);
    Scenario all = Scenario.of(faults.toArray(Kind[]::new)).requests(2).controllers(2);
    return List.of(all, all.watched(OnInterruption.ERROR), all.watched(OnInterruption.CONTINUE));
  }

  @ParameterizedTest
  @MethodSource("wild")
  void nothingIsWrongOnLongWaysWithEveryFault(Scenario scenario) {
    for (long seed = 0; seed < WALKS; seed++) {
      assertThat(Explorer.walk(scenario, seed)).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void everyRuleIsNeeded(Rule rule) {
    // Given
    Scenario scenario =
        switch (rule) {
          case COMMIT_AFTER_CLAIM, REQUEUED_AFTER_REQUEUE -> Scenario.of(Kind.DISPATCHER_CRASH);
          case TEXT_AFTER_CLAIM -> Scenario.of(Kind.REBALANCE);
          case TERMINAL_AFTER_END -> Scenario.of();
          case CONTEST_BEFORE_WRITING -> Scenario.of(Kind.FALSE_DEATH);
          case READ_AFTER_WRITING -> Scenario.of(Kind.FALSE_DEATH).watched(OnInterruption.ERROR);
          case LET_GO_OF_FAILURES -> Scenario.of(Kind.SEND_FAILS);
          case SLOT_BACK_ON_RETRY -> Scenario.of(Kind.ENGINE_FAILS);
        };
    String harm =
        switch (rule) {
          case COMMIT_AFTER_CLAIM, REQUEUED_AFTER_REQUEUE -> "in nobody's custody";
          case TEXT_AFTER_CLAIM, TERMINAL_AFTER_END, CONTEST_BEFORE_WRITING ->
              "a visible terminal without END";
          case READ_AFTER_WRITING -> "the END is";
          case LET_GO_OF_FAILURES -> "never comes to its end";
          case SLOT_BACK_ON_RETRY -> "has lost a slot";
        };

    // Then
    assertThatThrownBy(() -> Explorer.explore(scenario.breaking(rule), ALL))
        .isInstanceOf(Violation.class)
        .hasMessageContaining(harm);
  }
}
