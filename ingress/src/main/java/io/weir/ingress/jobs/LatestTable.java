package io.weir.ingress.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The newest value of each key of a topic. Bounded: once it is full, dead values make room, and
 * what finds none is not known here.
 *
 * @param <V> what a key stands for
 */
final class LatestTable<V> {
  private final int most;
  private final Predicate<V> isDead;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, V> values = new LinkedHashMap<>();

  /**
   * @param most keys held at once
   * @param isDead true for what nobody asks for any more
   */
  LatestTable(int most, Predicate<V> isDead) {
    this.most = most;
    this.isDead = isDead;
  }

  /** Takes the next record; no value means that the key is no more. */
  void apply(String key, Optional<V> value) {
    lock.lock();
    try {
      if (value.isEmpty()) {
        values.remove(key);
      } else if (values.containsKey(key) || hasRoom()) {
        values.put(key, value.get());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    if (values.size() >= most) {
      values.values().removeIf(isDead);
    }
    return values.size() < most;
  }

  Optional<V> find(String key) {
    lock.lock();
    try {
      return Optional.ofNullable(values.get(key)).filter(isDead.negate());
    } finally {
      lock.unlock();
    }
  }

  /** True if there is no room for another key. */
  boolean isFull() {
    lock.lock();
    try {
      return !hasRoom();
    } finally {
      lock.unlock();
    }
  }

  /** All that are as asked, in the order in which they came. */
  List<V> all(BiPredicate<String, V> which) {
    lock.lock();
    try {
      List<V> found = new ArrayList<>();
      values.forEach(
          (key, value) -> {
            if (which.test(key, value) && !isDead.test(value)) {
              found.add(value);
            }
          });
      return found;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return values.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a key is as asked; false if it is not so in time. */
  boolean await(String key, Predicate<Optional<V>> as, Duration patience)
      throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!as.test(Optional.ofNullable(values.get(key)))) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
