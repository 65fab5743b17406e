package io.weir.routing.protocol;

import io.weir.routing.fleet.OnInterruption;
import io.weir.routing.request.RecoveryPolicy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is explored.
 *
 * @param requests how many
 * @param controllers how many act at once; one is what a deployment means to have
 * @param watched whether clients wait at their connections
 * @param policy of the recovery
 * @param faults what may go wrong
 * @param broken rules that nobody keeps
 */
record Scenario(
    int requests,
    int controllers,
    boolean watched,
    RecoveryPolicy policy,
    List<Faults.Kind> faults,
    Set<Rule> broken) {
  static final int DISPATCHERS = 2;

  /** Engines' slots of each dispatcher. */
  static final int SLOTS = 1;

  static Scenario of(Faults.Kind... faults) {
    return new Scenario(
        1, 1, false, policy(OnInterruption.ERROR), List.of(faults), EnumSet.noneOf(Rule.class));
  }

  Scenario requests(int number) {
    return new Scenario(number, controllers, watched, policy, faults, broken);
  }

  Scenario controllers(int number) {
    return new Scenario(requests, number, watched, policy, faults, broken);
  }

  /** With clients that wait, and pools that do this for them. */
  Scenario watched(OnInterruption onInterruption) {
    return new Scenario(requests, controllers, true, policy(onInterruption), faults, broken);
  }

  Scenario breaking(Rule rule) {
    return new Scenario(requests, controllers, watched, policy, faults, EnumSet.of(rule));
  }

  boolean keeps(Rule rule) {
    return !broken.contains(rule);
  }

  private static RecoveryPolicy policy(OnInterruption onInterruption) {
    return new RecoveryPolicy(3, onInterruption, Duration.ofSeconds(10));
  }

  @Override
  public String toString() {
    return "%d requests, %d controllers, %s, %s %s%s"
        .formatted(
            requests,
            controllers,
            watched ? "watched" : "unwatched",
            policy.onInterruption(),
            faults,
            broken.isEmpty() ? "" : ", breaking " + broken);
  }
}
