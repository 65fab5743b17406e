package io.weir.controller.telemetry;

import io.weir.schemas.EngineSample;
import java.time.Duration;

/**
 * The newest sample of an engine.
 *
 * @param sample as it stands in the topic
 * @param age time since it was read there
 */
public record SeenSample(EngineSample sample, Duration age) {}
