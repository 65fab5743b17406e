package io.weir.routing.replay;

/**
 * Something that goes wrong with an engine and that nobody announces.
 *
 * @param engine index in the scenario
 * @param atNanos when, from the start
 * @param slowdown how many times as long its iterations take from then on; 1 for healthy
 */
public record Fault(int engine, long atNanos, double slowdown) {}
