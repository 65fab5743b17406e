package io.weir.dispatcher;

import io.weir.routing.pick.EngineCost;

/**
 * How an engine stands in its pool, from the weights, the dispatchers there are and what was
 * measured. Made anew when one of them changes, never per request.
 *
 * @param weight share relative to the pool's other engines; 0 if it is to get nothing
 * @param cost what work costs there
 * @param places requests this dispatcher may have there whatever the others do
 * @param dispatchers how many send requests there, this one included
 * @param limit requests that all of them should have there at most, by its pace
 * @param prefillTokens prompt tokens it may have to compute before it gets one more request
 */
record EngineStanding(
    double weight, EngineCost cost, int places, int dispatchers, int limit, double prefillTokens) {
  /** An engine before anything is known of weights or of others. */
  static EngineStanding alone(EngineTerms terms) {
    return new EngineStanding(
        terms.weight(),
        EngineCost.UNKNOWN,
        terms.maxInFlight(),
        1,
        terms.maxInFlight(),
        Double.POSITIVE_INFINITY);
  }
}
