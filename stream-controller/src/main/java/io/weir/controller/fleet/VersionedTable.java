package io.weir.controller.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a compacted topic of one partition says, with the last few versions of each key, so that a
 * writer can find out whether somebody else wrote between what it read and what it wrote. Safe for
 * any number of threads.
 */
public final class VersionedTable<V> {
  private static final int REMEMBERED = 8;

  /** Removed keys are remembered until there are so many. */
  private static final int MOST_KEYS = 20_000;

  private final Map<String, Deque<Version<V>>> versions = new TreeMap<>();
  private long read = -1;

  /** Takes the next record. */
  public synchronized void apply(String key, Optional<V> value, long offset) {
    Deque<Version<V>> all = versions.computeIfAbsent(key, any -> new ArrayDeque<>());
    all.addLast(new Version<>(value, offset));
    if (all.size() > REMEMBERED) {
      all.removeFirst();
    }
    if (value.isEmpty() && versions.size() > MOST_KEYS) {
      versions.values().removeIf(each -> each.getLast().value().isEmpty());
    }
    read = offset;
    notifyAll();
  }

  /** The values that stand now, by key. */
  public synchronized Map<String, V> values() {
    Map<String, V> values = new TreeMap<>();
    versions.forEach(
        (key, all) -> all.getLast().value().ifPresent(value -> values.put(key, value)));
    return values;
  }

  /** The value that stands now. */
  public synchronized Optional<V> value(String key) {
    return latest(key).value();
  }

  synchronized Version<V> latest(String key) {
    Deque<Version<V>> all = versions.get(key);
    return all == null ? Version.none() : all.getLast();
  }

  /** The version that the one written at an offset replaced. */
  synchronized Version<V> before(String key, long offset) {
    Iterator<Version<V>> newestFirst =
        versions.getOrDefault(key, new ArrayDeque<>()).descendingIterator();
    while (newestFirst.hasNext()) {
      Version<V> version = newestFirst.next();
      if (version.offset() < offset) {
        return version;
      }
    }
    return Version.none();
  }

  /** Waits until all of these offsets were read; false if they were not in time. */
  public synchronized boolean await(Collection<Long> offsets, Duration patience)
      throws InterruptedException {
    long last = offsets.stream().mapToLong(Long::longValue).max().orElse(-1);
    long deadline = System.nanoTime() + patience.toNanos();
    while (read < last) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(Math.max(1, left / 1_000_000));
    }
    return true;
  }
}
