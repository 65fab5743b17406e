package io.weir.routing.engine;

/**
 * What an engine reports about itself. Counters grow from the engine's start.
 *
 * @param running sequences in the batch
 * @param waiting sequences not yet, or no longer, in the batch
 * @param kvUsage fraction of KV blocks held by running sequences, 0 to 1
 * @param prefixQueries prompt tokens looked up in the prefix cache
 * @param prefixHits prompt tokens found there, device and host
 * @param preemptions times a sequence lost its blocks and had to be recomputed
 * @param iterations iterations completed
 * @param computedTokens tokens computed, prefill and decode, recomputation included
 */
public record EngineSignals(
    int running,
    int waiting,
    double kvUsage,
    long prefixQueries,
    long prefixHits,
    long preemptions,
    long iterations,
    long computedTokens) {}
