package io.weir.routing.plan;

import io.weir.schemas.DemandState;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TokenUsage;
import java.time.Duration;
import java.time.Instant;

/**
 * Follows the offered demand of one source, pool and class.
 *
 * <p>Two exponentially weighted rates are kept, a slow one r (half-life 30 s) and a fast one f (1.5
 * s). The mean square of f − r, outliers cut off, is the variance of a burst of a few seconds. The
 * estimate is {@code max(r, f − sigma)}: noise hardly raises it, a surge does within seconds. Where
 * f is above r by several sigma, r takes f's value at once, and by half as many, it follows f
 * within seconds. So demand is quick to rise and slow to fall.
 *
 * <p>Tokens are means of what was estimated on acceptance, replaced by what answers really used as
 * those come in.
 *
 * <p>Times are ms of the events, of which only whole steps forward count: events may come out of
 * order within a step. Pure; state goes in and out.
 */
public final class DemandEstimator {
  /** Steps in which requests are counted; below, a rate would be mostly noise. */
  private static final long STEP_MILLIS = 250;

  /** How many finished requests weigh as much as the estimates made on acceptance. */
  private static final double USAGE_TRUST = 20;

  /** A surge that is not beyond doubt is followed over so many half-lives of the fast rate. */
  private static final int CLIMB = 3;

  /** Distances beyond, in sigmas, are cut off in the variance. */
  private static final double CUT = 2.5;

  private static final double DEFAULT_PROMPT_TOKENS = 512;
  private static final double DEFAULT_OUTPUT_TOKENS = 128;

  private final DemandPolicy policy;

  public DemandEstimator(DemandPolicy policy) {
    this.policy = policy;
  }

  /** What is known before the first request. */
  public static DemandState initial(long nowMillis) {
    Instant now = Instant.ofEpochMilli(nowMillis);
    return new DemandState(now, 0L, now, 0d, 0d, 0d, 0d, 0d, 0d, 0d, 0d, 0d, 0d, now);
  }

  /**
   * Counts offered requests, whether they are then accepted or shed; not their retries.
   *
   * @param requests how many
   * @param promptTokens estimated, of all of them
   * @param outputTokens expected, of all of them
   */
  public DemandState offered(
      DemandState state, long atMillis, long requests, long promptTokens, long outputTokens) {
    DemandState now = decayed(advance(state, atMillis), atMillis);
    return DemandState.newBuilder(now)
        .setRequests(now.getRequests() + requests)
        .setOffered(now.getOffered() + requests)
        .setOfferedPromptTokens(now.getOfferedPromptTokens() + Math.max(requests, promptTokens))
        .setOfferedOutputTokens(now.getOfferedOutputTokens() + Math.max(requests, outputTokens))
        .build();
  }

  /** Counts one offered request, as {@link #offered(DemandState, long, long, long, long)}. */
  public DemandState offered(DemandState state, long atMillis, int promptTokens, int outputTokens) {
    return offered(state, atMillis, 1, promptTokens, outputTokens);
  }

  /**
   * Learns what requests of this demand really used.
   *
   * @param requests how many
   * @param promptTokens of all of them, cached ones included
   * @param cachedTokens of all of them
   * @param outputTokens of all of them
   */
  public DemandState finished(
      DemandState state,
      long atMillis,
      long requests,
      long promptTokens,
      long cachedTokens,
      long outputTokens) {
    DemandState now = decayed(advance(state, atMillis), atMillis);
    long prompt = Math.max(requests, promptTokens);
    return DemandState.newBuilder(now)
        .setFinished(now.getFinished() + requests)
        .setPromptTokens(now.getPromptTokens() + prompt)
        .setCachedTokens(now.getCachedTokens() + Math.clamp(cachedTokens, 0, prompt))
        .setOutputTokens(now.getOutputTokens() + Math.max(requests, outputTokens))
        .build();
  }

  /** Learns what one request really used. */
  public DemandState finished(DemandState state, long atMillis, TokenUsage usage) {
    return finished(
        state,
        atMillis,
        1,
        usage.getPromptTokens(),
        usage.getCachedPromptTokens().orElse(0),
        usage.getCompletionTokens());
  }

  /** Folds the requests counted so far into the rates; does nothing before a step is over. */
  public DemandState advance(DemandState state, long nowMillis) {
    long elapsed = nowMillis - state.getCountedFrom().toEpochMilli();
    if (elapsed < STEP_MILLIS) {
      return state;
    }
    double observed = state.getRequests() * 1e3 / elapsed;
    long age = nowMillis - state.getBegunAt().toEpochMilli();
    double slow = blend(state.getRate(), observed, elapsed, age, policy.halfLife());
    double fast = blend(state.getSurgeRate(), observed, elapsed, age, policy.surgeHalfLife());
    double sigma = Math.sqrt(Math.max(state.getVariance(), leastVariance(slow)));
    double above = (fast - slow) / sigma;
    double cut = Math.min(Math.abs(fast - slow), CUT * sigma);
    return DemandState.newBuilder(state)
        .setCountedFrom(Instant.ofEpochMilli(nowMillis))
        .setRequests(0)
        .setRate(
            above > policy.surgeSigmas()
                ? fast
                : above > policy.surgeSigmas() / 2
                    ? blend(slow, fast, elapsed, age, policy.surgeHalfLife().multipliedBy(CLIMB))
                    : slow)
        .setSurgeRate(fast)
        .setVariance(blend(state.getVariance(), cut * cut, elapsed, age, policy.halfLife()))
        .build();
  }

  /** The demand to plan for, as of now. */
  public DemandRate rate(
      DemandState state, String source, String pool, RequestClass requestClass, long nowMillis) {
    DemandState now = advance(state, nowMillis);
    double sigma = Math.sqrt(now.getVariance());
    double trust = now.getFinished() / (now.getFinished() + USAGE_TRUST);
    return new DemandRate(
        source,
        pool,
        requestClass,
        Math.max(now.getRate(), now.getSurgeRate() - sigma),
        sigma,
        tokens(
            trust,
            mean(now.getPromptTokens(), now.getFinished(), 0),
            mean(now.getOfferedPromptTokens(), now.getOffered(), DEFAULT_PROMPT_TOKENS)),
        tokens(
            trust,
            mean(now.getOutputTokens(), now.getFinished(), 0),
            mean(now.getOfferedOutputTokens(), now.getOffered(), DEFAULT_OUTPUT_TOKENS)),
        Math.clamp(mean(now.getCachedTokens(), now.getPromptTokens(), 0), 0, 1),
        now.getCountedFrom().toEpochMilli());
  }

  /**
   * A rate over T seconds of a Poisson process has variance rate ÷ 2T; real clients are burstier.
   */
  private double leastVariance(double rate) {
    double seconds = policy.surgeHalfLife().toMillis() / 1e3 / Math.log(2);
    return Math.max(rate, 1 / seconds) / (2 * seconds);
  }

  /**
   * An exponentially weighted mean over irregular steps. While younger than its half-life it is the
   * plain mean since the beginning, lest it start from an invented 0.
   */
  private static double blend(
      double mean, double observed, long elapsed, long age, Duration halfLife) {
    double weight =
        Math.max(-Math.expm1(-Math.log(2) * elapsed / halfLife.toMillis()), elapsed / (double) age);
    return mean + Math.min(1, weight) * (observed - mean);
  }

  private DemandState decayed(DemandState state, long nowMillis) {
    long elapsed = nowMillis - state.getDecayedAt().toEpochMilli();
    if (elapsed < STEP_MILLIS) {
      return state;
    }
    double keep = Math.exp(-Math.log(2) * elapsed / policy.halfLife().toMillis());
    return DemandState.newBuilder(state)
        .setDecayedAt(Instant.ofEpochMilli(nowMillis))
        .setOffered(state.getOffered() * keep)
        .setOfferedPromptTokens(state.getOfferedPromptTokens() * keep)
        .setOfferedOutputTokens(state.getOfferedOutputTokens() * keep)
        .setFinished(state.getFinished() * keep)
        .setPromptTokens(state.getPromptTokens() * keep)
        .setCachedTokens(state.getCachedTokens() * keep)
        .setOutputTokens(state.getOutputTokens() * keep)
        .build();
  }

  private static double mean(double sum, double count, double otherwise) {
    return count > 1e-9 ? sum / count : otherwise;
  }

  private static double tokens(double trust, double used, double estimated) {
    return Math.max(1, trust * used + (1 - trust) * estimated);
  }
}
