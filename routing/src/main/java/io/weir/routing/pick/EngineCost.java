package io.weir.routing.pick;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.SteadyState;
import io.weir.schemas.EngineWeight;
import java.util.Optional;

/**
 * What work costs on one engine: its closed form ({@link SteadyState}) and what is known about it
 * from outside. Made anew when telemetry or weights change, never per request.
 *
 * @param alphaMillis ms of an iteration without load
 * @param betaMillis ms one decoding sequence adds to an iteration
 * @param gammaMillis ms one prefilled token adds
 * @param sequenceMillis ms one request in flight adds to an iteration, its share of prefill
 *     included: {@code beta + gamma·p/o} for the mean request; an iteration with b requests in
 *     flight lasts {@code alpha + b·sequence}, which is {@code alpha/(1 − rho)}
 * @param chunkTokens most tokens of one iteration (vLLM's {@code max_num_batched_tokens})
 * @param maxSequences most sequences in one batch (vLLM's {@code max_num_seqs})
 * @param cacheTokens tokens its KV cache has room for, host tier included
 * @param price seconds of delay to everybody that one more second of work costs (the solver's
 *     {@code p_e}); 0 if there is none
 * @param geographySeconds distance, egress and compute price of a request
 * @param slowdown measured time per output token ÷ that of the closed form at the same load; 1 if
 *     nothing was measured
 * @param weightsVersion epoch and version of the weights it stems from; empty if they are static
 */
public record EngineCost(
    double alphaMillis,
    double betaMillis,
    double gammaMillis,
    double sequenceMillis,
    int chunkTokens,
    int maxSequences,
    long cacheTokens,
    double price,
    double geographySeconds,
    double slowdown,
    Optional<String> weightsVersion) {
  private static final double MIN_SLOWDOWN = 0.25;
  private static final double MAX_SLOWDOWN = 16;

  /** Prompt and answer of a request while nothing is known about the pool's: 4 to 1. */
  private static final double PROMPT_PER_OUTPUT = 4;

  /** An engine about which nothing is known: about an A100 with an 8B model. */
  public static final EngineCost UNKNOWN =
      new EngineCost(
          12,
          0.1,
          0.06,
          0.1 + PROMPT_PER_OUTPUT * 0.06,
          2048,
          256,
          400_000,
          0,
          0,
          1,
          Optional.empty());

  public EngineCost {
    require(alphaMillis > 0, "alphaMillis must be positive, is ", alphaMillis);
    require(betaMillis >= 0, "betaMillis must not be negative, is ", betaMillis);
    require(gammaMillis >= 0, "gammaMillis must not be negative, is ", gammaMillis);
    require(sequenceMillis >= 0, "sequenceMillis must not be negative, is ", sequenceMillis);
    require(chunkTokens >= 1, "chunkTokens must be at least 1, is ", chunkTokens);
    require(maxSequences >= 1, "maxSequences must be at least 1, is ", maxSequences);
    require(cacheTokens >= 0, "cacheTokens must not be negative, is ", (double) cacheTokens);
    require(price >= 0, "price must not be negative, is ", price);
    require(geographySeconds >= 0, "geographySeconds must not be negative, is ", geographySeconds);
    require(slowdown > 0, "slowdown must be positive, is ", slowdown);
  }

  private static void require(boolean holds, String otherwise, double value) {
    if (!holds || Double.isInfinite(value)) {
      throw new IllegalArgumentException(otherwise + value);
    }
  }

  /**
   * The cost of a profile for requests of a mean size.
   *
   * @param promptTokens mean uncached prompt; positive
   * @param outputTokens mean answer; positive
   */
  public static EngineCost of(EngineProfile profile, double promptTokens, double outputTokens) {
    SteadyState form = SteadyState.of(profile, promptTokens, outputTokens);
    return new EngineCost(
        form.alpha(),
        form.beta(),
        form.gamma(),
        form.beta() + form.gamma() * promptTokens / outputTokens,
        profile.maxNumBatchedTokens(),
        profile.maxNumSeqs(),
        profile.kvTokens() + (long) profile.hostBlocks() * profile.blockSize(),
        0,
        0,
        1,
        Optional.empty());
  }

  /**
   * An engine of which only its configured weight is known: the more weight, the less one request
   * more slows it down, so that equal scores mean requests in proportion to the weights.
   *
   * @param relativeWeight its weight ÷ the mean of the pool's; positive
   */
  public static EngineCost guess(double relativeWeight) {
    return UNKNOWN.withSequence(UNKNOWN.sequenceMillis / relativeWeight);
  }

  /**
   * The same engine as the weights' table plans it: closed form, price, geography and version are
   * the table's. Geography has to count again although weights heed it: where the candidates drawn
   * are most of the pool, weights alone would not keep requests near.
   *
   * @param version of the table
   */
  public EngineCost planned(EngineWeight plan, String version) {
    double idle = 1 - Math.clamp(plan.getLoad(), 0, 0.95);
    // Phi' = n / (1 − rho)², and n = alpha·o/a = alpha / sequence.
    double sequences = plan.getPrice() * idle * idle;
    return new EngineCost(
        plan.getAlpha(),
        plan.getBeta(),
        plan.getGamma(),
        sequences > 0
            ? plan.getAlpha() / sequences
            : plan.getBeta() + PROMPT_PER_OUTPUT * plan.getGamma(),
        chunkTokens,
        maxSequences,
        cacheTokens,
        plan.getPrice(),
        Math.max(0, plan.getGeography()),
        slowdown,
        Optional.of(version));
  }

  /** The same engine at another distance. */
  public EngineCost withGeography(double seconds) {
    return new EngineCost(
        alphaMillis,
        betaMillis,
        gammaMillis,
        sequenceMillis,
        chunkTokens,
        maxSequences,
        cacheTokens,
        price,
        seconds,
        slowdown,
        weightsVersion);
  }

  /** The same engine at another price. */
  public EngineCost withPrice(double newPrice) {
    return new EngineCost(
        alphaMillis,
        betaMillis,
        gammaMillis,
        sequenceMillis,
        chunkTokens,
        maxSequences,
        cacheTokens,
        newPrice,
        geographySeconds,
        slowdown,
        weightsVersion);
  }

  /** The same engine, so many times slower than its closed form; kept within 1/4 and 16. */
  public EngineCost withSlowdown(double ratio) {
    return new EngineCost(
        alphaMillis,
        betaMillis,
        gammaMillis,
        sequenceMillis,
        chunkTokens,
        maxSequences,
        cacheTokens,
        price,
        geographySeconds,
        Math.clamp(ratio, MIN_SLOWDOWN, MAX_SLOWDOWN),
        weightsVersion);
  }

  private EngineCost withSequence(double millis) {
    return new EngineCost(
        alphaMillis,
        betaMillis,
        gammaMillis,
        millis,
        chunkTokens,
        maxSequences,
        cacheTokens,
        price,
        geographySeconds,
        slowdown,
        weightsVersion);
  }

  /** The closed form's ms of an iteration with so many requests in flight. */
  public double modelTpotMillis(double inFlight) {
    return alphaMillis + sequenceMillis * inFlight;
  }

  /**
   * What a second of work costs compared with an idle engine, {@code p_e/n_e}, which is about
   * {@code 1/(1 − rho)²}; 0 if there is no price.
   */
  public double relativePrice() {
    return price * sequenceMillis / alphaMillis;
  }
}
