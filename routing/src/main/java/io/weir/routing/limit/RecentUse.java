package io.weir.routing.limit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was admitted of late, second by second: the part of a budget's use that the sums of the
 * controllers may not contain yet. Not safe for use by several threads.
 */
final class RecentUse {
  /** What is older is kept as one. */
  private static final int SECONDS = 120;

  private static final class Second {
    long at;
    double tokens;
    double cost;

    Second(long at) {
      this.at = at;
    }
  }

  private final Deque<Second> seconds = new ArrayDeque<>();
  private double tokens;
  private double cost;

  /** Adds use, or takes some back. */
  void add(double moreTokens, double moreCost, long nowMillis) {
    long at = nowMillis / 1_000;
    Second last = seconds.peekLast();
    if (last == null || last.at < at) {
      last = new Second(at);
      seconds.addLast(last);
      merge();
    }
    last.tokens += moreTokens;
    last.cost += moreCost;
    tokens += moreTokens;
    cost += moreCost;
  }

  private void merge() {
    if (seconds.size() > SECONDS) {
      Second oldest = seconds.removeFirst();
      Second next = seconds.getFirst();
      next.tokens += oldest.tokens;
      next.cost += oldest.cost;
    }
  }

  /** Forgets what was before a time. */
  void forgetBefore(long millis) {
    while (!seconds.isEmpty() && (seconds.getFirst().at + 1) * 1_000 <= millis) {
      Second oldest = seconds.removeFirst();
      tokens -= oldest.tokens;
      cost -= oldest.cost;
    }
    if (seconds.isEmpty()) {
      tokens = 0;
      cost = 0;
    }
  }

  boolean isEmpty() {
    return seconds.isEmpty();
  }

  double tokens() {
    return tokens;
  }

  double cost() {
    return cost;
  }
}
