package io.weir.routing.pick;

/**
 * Settings of {@link io.weir.routing.fleet.PickPolicy#LEAST_COST}.
 *
 * @param samples draws by weight, with replacement; 1 to 8
 * @param prefixHolders engines that hold the longest known prefix to be considered; 0 to 4
 * @param rendezvous engines considered for a prompt that no engine is known to hold, as rendezvous
 *     hashing of its first block ranks them; 0 or 1
 * @param waitWeight how often a second counts that the request waits; above 1 it trades a little of
 *     the mean for the tail of the time to the first token
 * @param decodeShare part of the answer's decoding, at its marginal cost to everybody, that counts
 *     beside the first token; 0 (only the time to the first token) to 1
 * @param minKappa least that others' delay counts for each second of prefill that is saved
 * @param maxKappa most that it counts
 * @param defaultKappa what it counts where the engine has no price
 * @param deficitGain effect of one request that an engine got less than its weight
 * @param deficitBand bound of that effect: scores change by this part at most
 * @param greyRatio slowdown above which an engine's weight no longer pulls requests to it
 */
public record LeastCostOptions(
    int samples,
    int prefixHolders,
    int rendezvous,
    double waitWeight,
    double decodeShare,
    double minKappa,
    double maxKappa,
    double defaultKappa,
    double deficitGain,
    double deficitBand,
    double greyRatio) {
  /**
   * Four draws, the longest prefix and a rendezvous; kappa is the one that replays liked best where
   * there is no price.
   */
  public static final LeastCostOptions DEFAULT =
      new LeastCostOptions(4, 1, 1, 2, 0.07, 16, 64, 16, 0.002, 0.05, 1.5);

  public LeastCostOptions {
    within("samples", samples, 1, 8);
    within("prefixHolders", prefixHolders, 0, 4);
    within("rendezvous", rendezvous, 0, 1);
    within("waitWeight", waitWeight, 0, 100);
    within("decodeShare", decodeShare, 0, 1);
    within("minKappa", minKappa, 0, maxKappa);
    within("defaultKappa", defaultKappa, 0, 1e6);
    within("deficitGain", deficitGain, 0, 1);
    within("deficitBand", deficitBand, 0, 0.9);
    within("greyRatio", greyRatio, 1, 1e6);
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", is " + value);
    }
  }

  /** The same, with so many engines drawn by weight. */
  public LeastCostOptions withSamples(int number) {
    return new LeastCostOptions(
        number,
        prefixHolders,
        rendezvous,
        waitWeight,
        decodeShare,
        minKappa,
        maxKappa,
        defaultKappa,
        deficitGain,
        deficitBand,
        greyRatio);
  }

  /** The same, with another part of the answer's decoding counted. */
  public LeastCostOptions withDecodeShare(double share) {
    return new LeastCostOptions(
        samples,
        prefixHolders,
        rendezvous,
        waitWeight,
        share,
        minKappa,
        maxKappa,
        defaultKappa,
        deficitGain,
        deficitBand,
        greyRatio);
  }
}
