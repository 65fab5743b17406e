package io.weir.controller.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Requests of one partition without a visible terminal, by when they expire. Knows from when on one
 * of them can have expired, so that the store is not asked before: what was deleted there leaves
 * marks, which a look from the beginning has to pass one by one. Belongs to one thread.
 */
final class OpenIndex {
  private static final byte[] NOTHING = new byte[0];

  private final KeyValueStore<String, byte[]> store;

  /** No open request expires before this; milliseconds since the epoch. */
  private long earliest = Long.MIN_VALUE;

  OpenIndex(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  void add(long expiresAtMillis, String id) {
    store.put(OpenKey.of(expiresAtMillis, id), NOTHING);
    earliest = Math.min(earliest, expiresAtMillis);
  }

  void remove(long expiresAtMillis, String id) {
    store.delete(OpenKey.of(expiresAtMillis, id));
  }

  /** All of them: when they expire, and their ids. */
  void forEach(BiConsumer<Long, String> taker) {
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        String key = all.next().key;
        taker.accept(OpenKey.expiresAtMillis(key), OpenKey.id(key));
      }
    }
  }

  /** Those that expire before a time, the earliest first, at most so many. */
  List<String> expiringBefore(long millis, int most) {
    if (millis <= earliest) {
      return List.of();
    }
    List<String> ids = new ArrayList<>();
    long first = Long.MAX_VALUE;
    try (KeyValueIterator<String, byte[]> oldest = store.all()) {
      while (oldest.hasNext() && ids.size() < most) {
        String key = oldest.next().key;
        long expiresAt = OpenKey.expiresAtMillis(key);
        first = Math.min(first, expiresAt);
        if (expiresAt >= millis) {
          break;
        }
        ids.add(OpenKey.id(key));
      }
    }
    earliest = first;
    return ids;
  }
}
