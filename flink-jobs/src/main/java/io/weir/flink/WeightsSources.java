package io.weir.flink;

import io.weir.flink.types.TopicEntry;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.LifecycleEvent;
import org.apache.flink.api.connector.source.Source;

/**
 * What the job reads.
 *
 * @param lifecycle every request's life, stamped by the log
 * @param telemetry what engines say of themselves
 * @param engines the engines there are
 * @param geography distances
 */
public record WeightsSources(
    Source<LifecycleEvent, ?, ?> lifecycle,
    Source<EngineSample, ?, ?> telemetry,
    Source<TopicEntry<EngineSpec>, ?, ?> engines,
    Source<TopicEntry<GeoLink>, ?, ?> geography) {}
