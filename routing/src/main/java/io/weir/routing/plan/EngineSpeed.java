package io.weir.routing.plan;

import io.weir.routing.engine.EngineCalibrator;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineTimings;
import io.weir.routing.engine.RequestShape;
import io.weir.routing.engine.SteadyState;
import io.weir.schemas.CalibrationState;

/**
 * How fast one engine is taken to be: its profile, what telemetry taught, and the part of the rest
 * that is not yet counted on.
 *
 * @param profile as its owner gave it
 * @param speed of an engine without load, as part of the profile's
 * @param capacity of a saturated one, likewise
 * @param caution part of that capacity that may be planned with: confidence and ramp, above 0
 */
record EngineSpeed(EngineProfile profile, double speed, double capacity, double caution) {
  /** Where the batch limit binds, the plan is to see this load; the curve is steep there. */
  private static final double LOAD_AT_LIMIT = 0.9;

  static EngineSpeed of(EngineState engine, double ramp, PlanPolicy policy) {
    CalibrationState learnt = engine.calibration().orElseGet(EngineCalibrator::initial);
    double confidence =
        new EngineCalibrator(policy.calibration())
            .confidence(engine.spec().getTiming().getConfidence(), learnt);
    return new EngineSpeed(
        EngineTimings.profile(engine.spec().getTiming()),
        learnt.getSpeed(),
        learnt.getCapacity(),
        ramp * confidence);
  }

  /** Closed form in ms as the engine really is. */
  SteadyState closed(RequestShape shape) {
    SteadyState nominal = SteadyState.of(profile, shape);
    return new SteadyState(
        nominal.alpha() / speed, nominal.beta() / capacity, nominal.gamma() / capacity);
  }

  /** Seconds of the engine's time one request takes. */
  double workSeconds(RequestShape shape) {
    return SteadyState.of(profile, shape).workMillis(shape) / capacity * 1e-3;
  }

  /**
   * The work to plan with: more, by the caution, and so much that the load is {@link
   * #LOAD_AT_LIMIT} where batches can grow no further.
   */
  double plannedWorkSeconds(RequestShape shape) {
    SteadyState nominal = SteadyState.of(profile, shape);
    double work = nominal.workMillis(shape) * 1e-3;
    double atLimit = LOAD_AT_LIMIT / nominal.saturationPerSecond(profile, shape);
    return Math.max(work, atLimit) / (capacity * caution);
  }

  /** Seconds from start to end of a request alone in the engine. */
  double idleSeconds(RequestShape shape) {
    return closed(shape).idleMillis(shape) * 1e-3;
  }

  /** Part of the profile's capacity that is planned with. */
  double capacityFactor() {
    return capacity * caution;
  }
}
