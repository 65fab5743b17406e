package io.weir.routing.pick;

/**
 * What one request costs on one engine, in seconds:
 *
 * <pre>
 * score = (wait + iteration + decode + geography + prefill) · deficit − kappa · saved
 *
 * b         = requests in flight there, as {@link InFlightEstimate} has it
 * iteration = s · (alpha + b · sequence)             s = slowdown: measured ÷ modelled
 * wait      = what is ahead, times the wait weight:
 *             s · pending · (gamma + (alpha + b · beta) / chunk), and the queue behind max_num_seqs
 * prefill   = s · gamma · uncached                   saved = s · gamma · cached
 * decode    = share · output · iteration · (1 + b · sequence / alpha)
 * kappa     = price ÷ n, about 1/(1 − rho)², clipped
 * deficit   = exp(−gain · requests got less than the weight), clipped; 1 for a grey engine
 * </pre>
 *
 * <p>A prefill chunk of c tokens shares its iteration with the decoding sequences, so p pending
 * tokens take p/c iterations of {@code alpha + b·beta + c·gamma}. Decode is the marginal cost of b
 * requests that each take {@code alpha + b·sequence} per token.
 *
 * <p>Kappa is the solver's price: the delay that a second of work causes to all others, so that a
 * cached prefix is worth more the fuller the engines are. It prices what is saved and not what is
 * computed: what the mean request's work costs the others is level over the engines at the weights'
 * optimum, and counted once more it would drive all prefill to the fastest ones.
 */
final class LeastCostScore {
  private static final double SECONDS = 1e-3;

  private LeastCostScore() {}

  /**
   * The terms of a score.
   *
   * @param cachedFraction part of the prompt that the engine holds, 0 to 1
   * @param deficit requests the engine got less than its weight
   */
  static ScoreParts parts(
      EngineView engine,
      PickRequest request,
      double cachedFraction,
      double deficit,
      LeastCostOptions options) {
    EngineCost cost = engine.cost();
    double inFlight = engine.inFlightEstimate();
    double slow = SECONDS * cost.slowdown();
    double iteration = slow * cost.modelTpotMillis(inFlight);
    double uncached = request.promptTokens() * (1 - cachedFraction);
    double relativePrice = cost.relativePrice();
    ScoreParts parts = new ScoreParts();
    parts.set(
        ScoreParts.WAIT,
        options.waitWeight()
            * (slow * pendingMillis(engine, cost, inFlight)
                + queueSeconds(cost, inFlight, iteration, request.outputTokens())));
    parts.set(ScoreParts.ITERATION, iteration);
    parts.set(
        ScoreParts.DECODE,
        options.decodeShare()
            * request.outputTokens()
            * iteration
            * (cost.modelTpotMillis(inFlight) / cost.alphaMillis()));
    parts.set(ScoreParts.GEOGRAPHY, cost.geographySeconds());
    parts.set(ScoreParts.PREFILL, slow * cost.gammaMillis() * uncached);
    parts.set(
        ScoreParts.KAPPA,
        relativePrice > 0
            ? Math.clamp(relativePrice, options.minKappa(), options.maxKappa())
            : options.defaultKappa());
    parts.set(
        ScoreParts.DEFICIT,
        cost.slowdown() > options.greyRatio()
            ? 1
            : Math.clamp(
                Math.exp(-options.deficitGain() * deficit),
                1 - options.deficitBand(),
                1 + options.deficitBand()));
    parts.set(ScoreParts.SAVED, slow * cost.gammaMillis() * (request.promptTokens() - uncached));
    parts.set(ScoreParts.UNCACHED, uncached);
    parts.set(ScoreParts.IN_FLIGHT, inFlight);
    parts.set(ScoreParts.SLOWDOWN, cost.slowdown());
    return parts;
  }

  private static double pendingMillis(EngineView engine, EngineCost cost, double inFlight) {
    double decoding = cost.alphaMillis() + inFlight * cost.betaMillis();
    return engine.pendingPromptTokens() * (cost.gammaMillis() + decoding / cost.chunkTokens());
  }

  /** A full batch gives up a place every {@code output / max_num_seqs} iterations. */
  private static double queueSeconds(
      EngineCost cost, double inFlight, double iteration, int outputTokens) {
    double queued = inFlight - cost.maxSequences();
    return queued <= 0 ? 0 : queued * iteration * outputTokens / cost.maxSequences();
  }
}
