package io.weir.routing.replay;

import java.util.List;

/**
 * What one policy made of a scenario.
 *
 * @param policy its name
 * @param requests how many were answered
 * @param rejected how many fit no engine
 * @param seconds virtual time from the first arrival to the last token
 * @param ttft time to first token, ms
 * @param tpot mean time per output token after the first, ms, of answers with more than one
 * @param e2e time to the last token, ms
 * @param good fraction of the answers that met the objectives
 * @param cacheHits fraction of prompt tokens found in a prefix cache
 * @param roundTrip ms between dispatcher and engine, mean over requests: what geography cost each
 * @param totalVariation half the sum over engines of |share of the dispatches − mean weight|, 0 to
 *     1, mean over sources
 * @param shares each engine's part of the dispatches, in the scenario's order
 */
public record ReplayResult(
    ReplayPolicy policy,
    int requests,
    int rejected,
    double seconds,
    Quantiles ttft,
    Quantiles tpot,
    Quantiles e2e,
    double good,
    double cacheHits,
    double roundTrip,
    double totalVariation,
    List<Double> shares) {
  public ReplayResult {
    shares = List.copyOf(shares);
  }
}
