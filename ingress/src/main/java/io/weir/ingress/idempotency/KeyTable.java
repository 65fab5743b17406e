package io.weir.ingress.idempotency;

import io.weir.schemas.IdempotentRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the topic says so far: the first live record of a key wins, later ones with other requests
 * lose. A record lives for the topic's retention. Bounded; a record that finds no room makes the
 * table incomplete until that record would have died, and of a key that an incomplete table does
 * not have, nothing is known.
 */
final class KeyTable {
  private final int most;
  private final long lifeMillis;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<String, Kept> keys = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<IdempotentRequest>> awaited = new HashMap<>();
  private long incompleteUntil = Long.MIN_VALUE;

  private record Kept(IdempotentRequest request, long diesAt) {}

  /**
   * @param most keys held at once
   * @param life how long a key stands for its request
   */
  KeyTable(int most, Duration life) {
    this.most = most;
    this.lifeMillis = life.toMillis();
  }

  /** What is known of a key. */
  sealed interface Known {
    /** It stands for this request. */
    record Request(IdempotentRequest request) implements Known {}

    /** It is free. */
    record Free() implements Known {}

    /** It may or may not be free, for the table had no room for all keys. */
    record Unknown() implements Known {}
  }

  /**
   * Takes the next record of a key.
   *
   * @param appendedMillis when the log took it
   */
  void apply(String key, IdempotentRequest request, long appendedMillis) {
    lock.lock();
    try {
      bury(appendedMillis);
      Kept kept = keys.get(key);
      if (kept == null || kept.diesAt() <= appendedMillis) {
        long diesAt = appendedMillis + lifeMillis;
        keys.remove(key);
        kept = new Kept(request, diesAt);
        if (keys.size() < most) {
          keys.put(key, kept);
        } else {
          incompleteUntil = Math.max(incompleteUntil, diesAt);
        }
      }
      CompletableFuture<IdempotentRequest> waiting = awaited.remove(key);
      if (waiting != null) {
        waiting.complete(kept.request());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes what is dead, as far as it comes first. */
  private void bury(long now) {
    Iterator<Kept> oldest = keys.values().iterator();
    while (oldest.hasNext() && oldest.next().diesAt() <= now) {
      oldest.remove();
    }
  }

  Known find(String key, long nowMillis) {
    lock.lock();
    try {
      Optional<Kept> kept = Optional.ofNullable(keys.get(key)).filter(k -> k.diesAt() > nowMillis);
      if (kept.isPresent()) {
        return new Known.Request(kept.get().request());
      }
      return nowMillis < incompleteUntil ? new Known.Unknown() : new Known.Free();
    } finally {
      lock.unlock();
    }
  }

  /** Done with the winner when the next record of the key was read. */
  CompletableFuture<IdempotentRequest> next(String key) {
    lock.lock();
    try {
      return awaited.computeIfAbsent(key, k -> new CompletableFuture<>());
    } finally {
      lock.unlock();
    }
  }

  /** Nobody awaits the key any more. */
  void forget(String key, CompletableFuture<IdempotentRequest> waiting) {
    lock.lock();
    try {
      awaited.remove(key, waiting);
    } finally {
      lock.unlock();
    }
  }

  /** How many keys are held. */
  int size() {
    lock.lock();
    try {
      return keys.size();
    } finally {
      lock.unlock();
    }
  }
}
