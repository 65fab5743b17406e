package io.weir.routing.plan;

import io.weir.schemas.CalibrationState;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import java.util.Optional;

/**
 * One engine as the job knows it.
 *
 * @param spec what its owner wants of it
 * @param sample the newest telemetry
 * @param calibration what its telemetry has taught about its speed
 * @param healthy false if there is other evidence than telemetry that it cannot serve, such as
 *     dispatchers that all fail to connect
 */
public record EngineState(
    EngineSpec spec,
    Optional<EngineSample> sample,
    Optional<CalibrationState> calibration,
    boolean healthy) {
  public String id() {
    return spec.getId();
  }
}
