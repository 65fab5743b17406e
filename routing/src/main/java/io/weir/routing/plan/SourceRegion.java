package io.weir.routing.plan;

/**
 * A source cluster, which may send to the pool's engines.
 *
 * @param source its name
 * @param region where it lies
 */
public record SourceRegion(String source, String region) {}
