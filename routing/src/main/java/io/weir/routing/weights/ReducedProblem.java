package io.weir.routing.weights;

import java.util.List;

/**
 * The problem with equal engines and equal commodities merged, ordered so that every independent
 * component is one range of commodities, engines and arcs. The arrays are shared, never written.
 *
 * @param network the merged commodities and engines; engines ascend within a row
 * @param logPrior log of the prior weight of each merged arc; priors of a row sum to one
 * @param components the independent parts
 * @param engineOf merged engine of each engine, −1 if nothing may be sent to it
 * @param commodityOf merged commodity of each commodity, −1 if it may not be sent anywhere
 * @param arcOf merged arc of each arc
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: the arrays are columns of a table
record ReducedProblem(
    Network network,
    double[] logPrior,
    List<Component> components,
    int[] engineOf,
    int[] commodityOf,
    int[] arcOf) {

  /** Demand of the merged commodities. */
  double[] rates(FlowProblem problem) {
    double[] merged = new double[network.commodities()];
    for (int c = 0; c < commodityOf.length; c++) {
      if (commodityOf[c] >= 0) {
        merged[commodityOf[c]] += problem.rate(c);
      }
    }
    return merged;
  }
}
