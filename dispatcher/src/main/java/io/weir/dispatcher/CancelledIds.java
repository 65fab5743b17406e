package io.weir.dispatcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ids of requests that are to end without an answer, each kept until its request has expired.
 * Anyone may ask; one thread adds.
 */
final class CancelledIds {
  private static final Logger LOG = LoggerFactory.getLogger(CancelledIds.class);

  private final int most;
  private final Map<String, Long> expiries = new ConcurrentHashMap<>();
  // In the order they came, those that have expired meanwhile included.
  private final Deque<String> order = new ArrayDeque<>();
  private final AtomicBoolean news = new AtomicBoolean();
  private boolean overflowed;

  /**
   * None yet.
   *
   * @param most ids that are kept; of more the oldest are forgotten, and their requests run for
   *     nobody
   */
  CancelledIds(int most) {
    this.most = most;
  }

  void add(String id, long expiresAtMillis) {
    if (expiries.put(id, expiresAtMillis) == null) {
      order.addLast(id);
      news.set(true);
    }
    while (order.size() > most || (!order.isEmpty() && !expiries.containsKey(order.peekFirst()))) {
      if (expiries.remove(order.pollFirst()) != null && !overflowed) {
        overflowed = true;
        LOG.warn("more than {} requests are cancelled: the oldest are forgotten", most);
      }
    }
  }

  boolean contains(String id) {
    return expiries.containsKey(id);
  }

  /** True if any came since the last call. */
  boolean takeNews() {
    return news.getAndSet(false);
  }

  void forgetExpired(long epochMillis) {
    expiries.values().removeIf(expiry -> expiry <= epochMillis);
  }

  int size() {
    return expiries.size();
  }
}
