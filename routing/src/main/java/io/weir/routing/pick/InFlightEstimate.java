package io.weir.routing.pick;

import java.util.Arrays;

/**
 * How many requests an engine has in flight, from all dispatchers, between its samples: the last
 * sample, plus how many more of its own this dispatcher has there now than it had at the sample,
 * for itself and for the others, of whom it takes that they do as it does:
 *
 * <pre>
 * estimate = sample + (own now − own at the sample) · scale
 * scale    = sample ÷ own at the sample, clipped to 1 … dispatchers
 * </pre>
 *
 * <p>It makes the age of telemetry irrelevant: without it, dispatchers herd to whoever looked
 * emptiest a second ago. Own counts are kept for {@value #SPAN_MILLIS} ms in steps of {@value
 * #STEP_MILLIS} ms, since a sample tells of the time it was taken, not of the time it came. Not
 * safe for use by several threads.
 */
public final class InFlightEstimate {
  static final int STEP_MILLIS = 50;
  static final int SPAN_MILLIS = 12_800;
  private static final int STEPS = SPAN_MILLIS / STEP_MILLIS;

  private final int[] past = new int[STEPS];
  private long step = Long.MIN_VALUE;
  private int own;
  private boolean sampled;
  private double sample;
  private double ownAtSample;

  /**
   * Takes note of the own count.
   *
   * @param nowMillis any clock that the samples' times are of too; never goes back
   */
  public void own(int inFlight, long nowMillis) {
    advance(Math.floorDiv(nowMillis, STEP_MILLIS));
    own = inFlight;
    past[slot(step)] = inFlight;
  }

  /**
   * Takes in a sample.
   *
   * @param inFlight requests running and waiting
   * @param atMillis when it was taken; a time before the span counts as its beginning
   */
  public void sample(int inFlight, long atMillis) {
    sampled = true;
    sample = inFlight;
    ownAtSample = ownAt(Math.floorDiv(atMillis, STEP_MILLIS));
  }

  /** Forgets the sample: it is too old, or the engine has started anew. */
  public void forget() {
    sampled = false;
  }

  /**
   * The estimate; at least the own count.
   *
   * @param dispatchers that send to the engine, this one included; at least 1
   */
  public double inFlight(int dispatchers) {
    if (!sampled) {
      return own * (double) Math.max(1, dispatchers);
    }
    return Math.max(own, sample + (own - ownAtSample) * scale(dispatchers));
  }

  /**
   * How many requests of all dispatchers one own request stands for; 1 to {@code dispatchers}.
   *
   * @param dispatchers that send to the engine, this one included; at least 1
   */
  public double scale(int dispatchers) {
    int most = Math.max(1, dispatchers);
    if (!sampled || ownAtSample == 0) {
      return most;
    }
    return Math.clamp(sample / ownAtSample, 1, most);
  }

  private void advance(long to) {
    if (step == Long.MIN_VALUE) {
      step = to;
      Arrays.fill(past, 0);
      return;
    }
    if (to - step >= STEPS) {
      Arrays.fill(past, own);
      step = to;
    }
    while (step < to) {
      step++;
      past[slot(step)] = own;
    }
  }

  private double ownAt(long at) {
    if (step == Long.MIN_VALUE) {
      return 0;
    }
    return past[slot(Math.clamp(at, step - STEPS + 1, step))];
  }

  private static int slot(long step) {
    return (int) Math.floorMod(step, (long) STEPS);
  }
}
