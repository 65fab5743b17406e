package io.weir.launcher.chaos;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A mix of requests with Poisson arrivals, the same for the same seed. Request by request, so that
 * the load can go on for as long as the faults take.
 */
final class Workload {
  private static final String WORDS = "the water finds its way around every stone in the river ";
  private static final int LEAST_TOKENS = 12;
  private static final int TOKEN_SPREAD = 48;
  private static final int LEAST_CUT = 2;
  private static final int CUT_SPREAD = 8;

  /** With 35 lines in the mean, a tenth of all requests are lines. */
  private static final double BATCHES = 0.0032;

  private final SplittableRandom random;
  private final double rate;
  private final Offer offer;
  private final long seed;
  private int number;
  private long offset;

  /**
   * @param rate requests per second in the mean
   */
  Workload(long seed, double rate, Offer offer) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.rate = rate;
    this.offer = offer;
  }

  ChaosRequest next() {
    offset += Math.round(-Math.log(1 - random.nextDouble()) * 1e9 / rate);
    Kind kind = kind(random.nextDouble());
    boolean keyed =
        offer.keys() && (kind == Kind.CUT_STREAM || (isHeld(kind) && random.nextInt(3) == 0));
    int tokens = LEAST_TOKENS + random.nextInt(TOKEN_SPREAD);
    return new ChaosRequest(
        number,
        offset,
        kind,
        tier(random.nextDouble()),
        ChaosRequest.promptOf(number++, WORDS.repeat(1 + random.nextInt(4)).strip()),
        tokens,
        keyed ? Optional.of("chaos-" + seed + "-" + number) : Optional.empty(),
        Math.min(tokens - 1, LEAST_CUT + random.nextInt(CUT_SPREAD)));
  }

  /** True if its client waits at its connection. */
  private static boolean isHeld(Kind kind) {
    return kind != Kind.ASYNC && kind != Kind.BATCH;
  }

  private Kind kind(double draw) {
    if (offer.batches() && draw > 1 - BATCHES) {
      return Kind.BATCH;
    }
    if (offer.async() && draw < 0.15) {
      return Kind.ASYNC;
    }
    if (offer.keys() && draw < 0.25) {
      return Kind.CUT_STREAM;
    }
    return draw < 0.6 ? Kind.STREAM : Kind.SYNC;
  }

  private static String tier(double draw) {
    if (draw < 0.2) {
      return "priority";
    }
    return draw < 0.3 ? "flex" : "default";
  }
}
