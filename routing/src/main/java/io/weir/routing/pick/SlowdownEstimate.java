package io.weir.routing.pick;

/**
 * How many times slower an engine is than its closed form, from its measured times per output
 * token: an exponentially weighted mean of their ratio's logarithm, so that twice and half weigh
 * the same. An engine that gets no work any more is not measured any more; what was seen is
 * forgotten over time, and it gets its chance. Not safe for use by several threads.
 */
public final class SlowdownEstimate {
  /** Weight of a new measurement: four of them make most of the mean. */
  private static final double GAIN = 0.3;

  private static final double HALF_LIFE_MILLIS = 30_000;
  private static final double MAX_LOG = Math.log(16);

  private double log;
  private long measuredAt;

  /**
   * Takes in a measurement.
   *
   * @param tpotMillis measured mean; positive
   * @param modelMillis what the closed form says for the load of that time; positive
   * @param nowMillis any clock that does not go back
   */
  public void measured(double tpotMillis, double modelMillis, long nowMillis) {
    double ratio = Math.log(tpotMillis / modelMillis);
    if (Double.isNaN(ratio)) {
      return;
    }
    log = (1 - GAIN) * faded(nowMillis) + GAIN * Math.clamp(ratio, -MAX_LOG, MAX_LOG);
    measuredAt = nowMillis;
  }

  /** Measured ÷ modelled; 1 if nothing was measured lately. */
  public double ratio(long nowMillis) {
    return Math.exp(faded(nowMillis));
  }

  private double faded(long nowMillis) {
    return log * Math.pow(0.5, Math.max(0, nowMillis - measuredAt) / HALF_LIFE_MILLIS);
  }
}
