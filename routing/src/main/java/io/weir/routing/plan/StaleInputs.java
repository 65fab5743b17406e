package io.weir.routing.plan;

import io.weir.routing.plan.Distance.Basis;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names what was planned with although it is older than it should be. */
final class StaleInputs {
  private static final int MOST_NAMES = 32;

  private StaleInputs() {}

  /** At most 32 names, and how many more there are. */
  static List<String> of(PoolProblem problem) {
    PlanInputs inputs = problem.inputs();
    List<String> names = new ArrayList<>();
    if (problem.eligibility().telemetryFault()) {
      names.add("telemetry");
    }
    for (DemandRate rate : inputs.demand()) {
      long age = inputs.nowMillis() - rate.atMillis();
      if (age > inputs.policy().demandTimeout().toMillis()) {
        names.add(
            "demand:" + rate.source() + "/" + rate.requestClass().name().toLowerCase(Locale.ROOT));
      }
    }
    problem.eligibility().silent().forEach(engine -> names.add("telemetry:" + engine));
    for (int s = 0; s < inputs.sources().size(); s++) {
      for (int e = 0; e < inputs.engines().size(); e++) {
        Basis basis = problem.distances().get(s).get(e).basis();
        if (basis == Basis.OUTDATED || basis == Basis.UNKNOWN) {
          names.add(
              "geography:" + inputs.sources().get(s).source() + "|" + inputs.engines().get(e).id());
        }
      }
    }
    if (names.size() <= MOST_NAMES) {
      return List.copyOf(names);
    }
    List<String> first = new ArrayList<>(names.subList(0, MOST_NAMES));
    first.add((names.size() - MOST_NAMES) + " more");
    return List.copyOf(first);
  }
}
