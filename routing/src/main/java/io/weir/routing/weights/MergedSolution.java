package io.weir.routing.weights;

/**
 * A solution of the reduced problem.
 *
 * @param weight of each merged arc, for all members of its engine; rows sum to one
 * @param shedShare of each merged commodity, 0 to 1
 * @param load of each merged engine
 * @param price of each merged engine
 * @param tau of each merged commodity, seconds
 * @param tauGoal the tau that was asked for, seconds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: the arrays are columns of a table
record MergedSolution(
    double[] weight,
    double[] shedShare,
    double[] load,
    double[] price,
    double[] tau,
    double tauGoal,
    Certificate certificate,
    SolvePath path,
    int iterations) {

  /** The same with a further part's certificate. */
  MergedSolution plus(Certificate part) {
    return new MergedSolution(
        weight, shedShare, load, price, tau, tauGoal, certificate.plus(part), path, iterations);
  }
}
