package io.weir.routing.queue;

/**
 * How much may wait in one class of a ready queue.
 *
 * @param slots requests that all engines of the pool can run at once; at least 1
 * @param drainSeconds how long the queue should last at the rate at which it is emptied; not
 *     negative
 * @param bytes most bytes waiting; at least 1
 */
public record QueueLimits(int slots, double drainSeconds, long bytes) {
  public QueueLimits {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1, is " + slots);
    }
    if (!(drainSeconds >= 0)) {
      throw new IllegalArgumentException("drainSeconds must not be negative, is " + drainSeconds);
    }
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes must be at least 1, is " + bytes);
    }
  }

  /**
   * Most requests of one class: {@code drainSeconds} of what is drained, and never fewer than twice
   * the slots, so that there is something to order when all slots are busy.
   */
  int count(double drainPerSecond) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(2.0 * slots, drainPerSecond * drainSeconds));
  }
}
