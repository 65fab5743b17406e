package io.weir.routing.limit;

/**
 * One instance's part in a token bucket that several instances draw from without asking each other.
 * The bucket fills at a rate up to a burst; each instance tells the others at every beat what it
 * has used and what it holds: what it may still use until its next beat.
 *
 * <pre>hold = share × (burst − level − what others hold)</pre>
 *
 * where the level is what all have used, as far as it was heard of, less what has drained. Shares
 * add up to at most 1, so instances that know the same never hold more than there is. Only what was
 * held within the last delay is not known to others. With beats every T that are heard within d ≤ T
 * and N instances, the level passes the burst by at most
 *
 * <pre>2 × burst × d ⁄ T + 2 × (N − 1) × largest request</pre>
 *
 * That was found by simulation of thousands of random interleavings, not proven. With beats every
 * 500 ms that are heard within 50 ms, the first term is a fifth of the burst. The second term is
 * there because an instance that holds less than one request needs may let one in between two beats
 * if the whole bucket has room for it, else small limits could never be used; the others hear of it
 * at most two beats later. An instance that begins to serve a tenant keeps what it held first until
 * its second beat, by when the others have heard of it and it of them. What is used in any minute
 * is then at most rate × 60 s + burst + what the level passes it by. What one instance does not
 * use, the others have at its next beat. An instance that is alone has an ordinary token bucket,
 * exactly.
 *
 * <p>A request that needs more than the burst waits until the bucket is full, and leaves it
 * overdrawn. (The escrow method of O'Neil 1986 for counters that many transactions share, with
 * holds that end by themselves.) Not safe for use by several threads.
 */
final class SharedBucket {
  private static final double ROUNDING = 1e-9;

  private final long beatNanos;
  private double perNano;
  private double burst;
  private double level;
  private long at;
  private double othersHold;
  private double hold;
  private boolean alone = true;

  /** True while nothing was taken since the last beat. */
  private boolean exceptionLeft = true;

  /**
   * An empty level, with nobody else there.
   *
   * @param perMinute at which it fills, positive
   * @param burst most that can be used at once, positive
   * @param beatNanos time between two beats
   */
  SharedBucket(double perMinute, double burst, long beatNanos, long now) {
    this.beatNanos = beatNanos;
    this.at = now;
    terms(perMinute, burst);
  }

  /** Changes rate and burst; what was used stays used. */
  void terms(double perMinute, double newBurst) {
    this.perNano = perMinute / 60e9;
    this.burst = newBurst;
  }

  /** How long an amount has to wait; 0 if it can be taken now. */
  long waitNanos(double amount, long now) {
    drain(now);
    double whole = Math.min(amount, burst);
    double need = whole - ROUNDING * burst;
    double free = burst - level - othersHold;
    boolean taken =
        alone
            ? need <= free
            : need <= Math.min(hold, burst - level) || (exceptionLeft && need <= free);
    if (taken) {
      return 0;
    }
    long filled = Math.round((whole - free) / perNano);
    return Math.max(filled, alone ? 1 : beatNanos);
  }

  /** Takes an amount for which there is nothing to wait. */
  void take(double amount, long now) {
    drain(now);
    exceptionLeft = false;
    level += amount;
    hold = Math.max(0, hold - amount);
  }

  /** Own use turned out to be more, or less. */
  void correct(double amount, long now) {
    drain(now);
    level = Math.max(0, level + amount);
  }

  /** Others have used so much more, or less, than was known. */
  void heard(double amount, long now) {
    correct(amount, now);
  }

  /** Whoever has been there for longer says that the level is at least this. */
  void adopt(double known, long now) {
    drain(now);
    level = Math.max(level, known);
  }

  /**
   * Begins a beat.
   *
   * @param held by all others together
   * @param share of what is left, above 0 and at most 1
   * @param nobodyElse true if there is no other instance
   * @return what this one holds now
   */
  double beat(double held, double share, boolean nobodyElse, long now) {
    drain(now);
    othersHold = held;
    alone = nobodyElse;
    exceptionLeft = true;
    hold = share * Math.max(0, burst - level - othersHold);
    return alone ? 0 : hold;
  }

  /** What this one may still use until its next beat. */
  double held() {
    return alone ? 0 : hold;
  }

  /** What all have used and has not drained yet. */
  double level(long now) {
    drain(now);
    return level;
  }

  /** What is left for all, as far as it is known. */
  double remaining(long now) {
    drain(now);
    return Math.max(0, burst - level - othersHold);
  }

  /** How long until nothing of what was used counts any more. */
  long resetNanos(long now) {
    drain(now);
    return Math.round(level / perNano);
  }

  private void drain(long now) {
    long passed = now - at;
    if (passed > 0) {
      level = Math.max(0, level - passed * perNano);
      at = now;
    }
  }
}
