package io.weir.sim;

/**
 * The way from the engine to a distant client: what happens comes out a fixed time later, with its
 * gaps as they were. It remembers a bounded number of steps; past that the newest ones are joined.
 */
final class DelayLine {
  private static final int STEPS = 256;

  private final long delayNanos;
  private final long[] due = new long[STEPS];
  private final int[] counts = new int[STEPS];
  private int first;
  private int size;
  private int arrived;

  DelayLine(long delayNanos) {
    this.delayNanos = delayNanos;
  }

  /** Something grew to a count. */
  synchronized void enter(long now, int count) {
    if (size < STEPS) {
      size++;
    }
    int last = (first + size - 1) % STEPS;
    due[last] = now + delayNanos;
    counts[last] = count;
  }

  /** What the far end sees. */
  synchronized int arrived(long now) {
    while (size > 0 && due[first] - now <= 0) {
      arrived = counts[first];
      first = (first + 1) % STEPS;
      size--;
    }
    return arrived;
  }

  /** Nanoseconds until the far end sees more, or {@link Long#MAX_VALUE} if nothing is under way. */
  synchronized long untilNext(long now) {
    return size == 0 ? Long.MAX_VALUE : Math.max(1, due[first] - now);
  }
}
