package io.weir.flink;

import io.weir.schemas.RoutingWeights;
import org.apache.flink.api.connector.sink2.Sink;

/**
 * What the job writes.
 *
 * @param weights tables for dispatchers
 * @param history the same tables with what they were solved from
 */
public record WeightsSinks(Sink<RoutingWeights> weights, Sink<RoutingWeights> history) {}
