package io.weir.launcher.view;

import io.weir.launcher.view.FleetState.Snapshot;
import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RoutingWeights;
import java.time.Duration;
import java.util.Optional;

/**
 * What the topics say of one engine.
 *
 * @param spec as the fleet's owner wants it
 * @param sample what it said last of itself
 * @param state one word
 * @param share part of its pool's planned traffic, 0 to 1
 * @param plan its place in a table of its pool; load and price are the same in all of them
 * @param inFlight what dispatchers have there
 */
public record EngineStatus(
    EngineSpec spec,
    Optional<EngineSample> sample,
    String state,
    Optional<Double> share,
    Optional<EngineWeight> plan,
    int inFlight) {
  /** As long as a new engine's share is held down. */
  private static final Duration RAMP = Duration.ofSeconds(60);

  static EngineStatus of(Snapshot now, EngineSpec spec) {
    Optional<EngineSample> sample = Optional.ofNullable(now.samples().get(spec.getId()));
    Optional<EngineWeight> plan =
        now.weights().stream()
            .filter(table -> table.getPool().equals(spec.getPool()))
            .flatMap(table -> find(table, spec).stream())
            .findFirst();
    return new EngineStatus(
        spec,
        sample,
        state(now, spec, sample),
        plan.map(known -> share(now, spec)),
        plan,
        now.inFlight(spec.getId()));
  }

  private static String state(Snapshot now, EngineSpec spec, Optional<EngineSample> sample) {
    if (spec.getDraining()) {
      return "draining";
    }
    if (sample.isPresent() && !sample.get().getUp()) {
      return "down";
    }
    boolean ramping =
        spec.getRampFrom().filter(from -> from.plus(RAMP).isAfter(now.at())).isPresent();
    return ramping ? "ramping" : "serving";
  }

  /** Sources count by their demand; all the same where none has any. */
  private static double share(Snapshot now, EngineSpec spec) {
    double demand = 0;
    double part = 0;
    double plain = 0;
    int tables = 0;
    for (RoutingWeights table : now.weights()) {
      Optional<EngineWeight> weight =
          table.getPool().equals(spec.getPool()) ? find(table, spec) : Optional.empty();
      if (weight.isPresent()) {
        double rate = table.getClasses().stream().mapToDouble(ClassPlan::getDemand).sum();
        demand += rate;
        part += rate * weight.get().getWeight();
        plain += weight.get().getWeight();
        tables++;
      }
    }
    return demand > 0 ? part / demand : plain / tables;
  }

  private static Optional<EngineWeight> find(RoutingWeights table, EngineSpec spec) {
    return table.getEngines().stream()
        .filter(engine -> engine.getEngine().equals(spec.getId()))
        .findFirst();
  }
}
