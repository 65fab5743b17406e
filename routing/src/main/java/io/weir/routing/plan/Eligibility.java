package io.weir.routing.plan;

import io.weir.schemas.EngineSample;
import io.weir.schemas.MetricsDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which engines may get traffic.
 *
 * @param excluded for each engine of the inputs why it may not, in their order
 * @param silent engines whose telemetry has stopped
 * @param telemetryFault true if so many are silent, or look down, that telemetry is at fault
 */
record Eligibility(
    List<Optional<Exclusion>> excluded, List<String> silent, boolean telemetryFault) {
  /** Why an engine gets no traffic. */
  enum Exclusion {
    DRAINING,
    DOWN,
    UNHEALTHY,
    SILENT;

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * A drain is its owner's word, and dispatchers that all fail speak for themselves. Telemetry is
   * believed about one engine, but not when it says the same of a large part of the pool at once:
   * then it is more likely the telemetry that failed, and the dispatchers, who see for themselves,
   * have the last word.
   */
  static Eligibility of(PlanInputs inputs) {
    PlanPolicy policy = inputs.policy();
    List<EngineState> engines = inputs.engines();
    List<String> silent =
        engines.stream().filter(e -> silent(e, inputs)).map(EngineState::id).toList();
    long down = engines.stream().filter(e -> down(e, inputs)).count();
    boolean silence = tooMany(silent.size(), engines.size(), policy.maxSilent());
    boolean collapse = tooMany(down, engines.size(), policy.maxDown());
    List<Optional<Exclusion>> excluded = new ArrayList<>();
    for (EngineState engine : engines) {
      if (engine.spec().getDraining()) {
        excluded.add(Optional.of(Exclusion.DRAINING));
      } else if (!engine.healthy()) {
        excluded.add(Optional.of(Exclusion.UNHEALTHY));
      } else if (down(engine, inputs) && !collapse) {
        excluded.add(Optional.of(Exclusion.DOWN));
      } else if (silent(engine, inputs) && !silence) {
        excluded.add(Optional.of(Exclusion.SILENT));
      } else {
        excluded.add(Optional.empty());
      }
    }
    return new Eligibility(List.copyOf(excluded), silent, silence || collapse);
  }

  boolean eligible(int engine) {
    return excluded.get(engine).isEmpty();
  }

  /** One engine alone is never too many: in a pool of two it is half. */
  private static boolean tooMany(long count, int of, double part) {
    return count > 1 && count > part * of;
  }

  private static boolean down(EngineState engine, PlanInputs inputs) {
    return engine.sample().filter(s -> fresh(s, inputs)).filter(s -> !s.getUp()).isPresent();
  }

  private static boolean silent(EngineState engine, PlanInputs inputs) {
    return engine.spec().getDialect() != MetricsDialect.NONE
        && engine.sample().isPresent()
        && !fresh(engine.sample().get(), inputs);
  }

  private static boolean fresh(EngineSample sample, PlanInputs inputs) {
    long age = inputs.nowMillis() - sample.getAt().toEpochMilli();
    return age <= inputs.policy().telemetryTimeout().toMillis();
  }
}
