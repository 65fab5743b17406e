/**
 * The job that keeps the weights. {@link io.weir.flink.EngineWeightsJob} is its graph; what it
 * decides is decided in {@code io.weir.routing.plan}.
 */
package io.weir.flink;
