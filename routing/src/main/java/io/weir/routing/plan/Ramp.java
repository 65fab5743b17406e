package io.weir.routing.plan;

import io.weir.schemas.PlannedEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A new or returned engine starts small: its profile is unproven and its caches are cold.
 *
 * @param from since when its share grows; empty if it has its full share
 * @param factor part of its capacity that is planned with, up to 1
 */
record Ramp(Optional<Instant> from, double factor) {
  private static final Ramp DONE = new Ramp(Optional.empty(), 1);

  /**
   * The ramp of an engine that is eligible now. It begins when the engine joins or is undrained, as
   * its owner's record says, or when it is back after an absence longer than a lost sample or two.
   *
   * @param before what the last plan left of it
   */
  static Ramp of(EngineState engine, Optional<PlannedEngine> before, PlanInputs inputs) {
    Instant now = Instant.ofEpochMilli(inputs.nowMillis());
    Optional<Instant> from =
        latest(
            engine.spec().getRampFrom(),
            latest(
                before.flatMap(PlannedEngine::getRampFrom),
                before.filter(past -> returned(past, now, inputs.policy())).map(past -> now)));
    return from.map(start -> at(start, now, inputs.policy())).orElse(DONE);
  }

  private static boolean returned(PlannedEngine past, Instant now, PlanPolicy policy) {
    return past.getExcludedAt()
        .filter(at -> Duration.between(at, now).compareTo(policy.telemetryTimeout()) > 0)
        .isPresent();
  }

  private static Ramp at(Instant start, Instant now, PlanPolicy policy) {
    double part =
        Math.max(0, Duration.between(start, now).toMillis())
            / (double) policy.rampTime().toMillis();
    return part >= 1
        ? DONE
        : new Ramp(Optional.of(start), policy.rampFloor() + (1 - policy.rampFloor()) * part);
  }

  private static Optional<Instant> latest(Optional<Instant> one, Optional<Instant> other) {
    return one.isPresent() && other.isPresent()
        ? (one.get().isAfter(other.get()) ? one : other)
        : one.or(() -> other);
  }
}
