package io.weir.controller.requests;

import io.weir.schemas.RequestState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Requests of one partition without a visible terminal, by when they expire.
 *
 * <p>Of new requests it knows in memory only: most end while they are new, and would be written and
 * deleted again. The store has the others, and a mark up to which ids it has all of them; who opens
 * it again looks at the states of those above the mark. Belongs to one thread.
 */
final class OpenIndex {
  private static final byte[] NOTHING = new byte[0];

  /** Sorts after all keys of requests, which begin with digits. */
  private static final String MARK = "mark";

  private static final String END = ":";

  private final KeyValueStore<String, byte[]> store;
  private final Predicate<String> isNew;
  private final NavigableSet<String> young = new TreeSet<>();
  private String mark;

  /**
   * No open request in the store expires before this; milliseconds since the epoch. The store is
   * not asked before: what was deleted there leaves marks, which a look from the beginning has to
   * pass one by one.
   */
  private long earliest = Long.MIN_VALUE;

  /**
   * Opens it as it was left.
   *
   * @param isNew of the ids of requests; may become false, which it has to be told
   */
  OpenIndex(KeyValueStore<String, byte[]> store, Predicate<String> isNew) {
    this.store = store;
    this.isNew = isNew;
    byte[] found = store.get(MARK);
    this.mark = found == null ? "" : new String(found, StandardCharsets.UTF_8);
  }

  /** Takes in what was new when it was left. */
  void takeUp(StateTable states) {
    states.forEachFrom(mark, each -> expiry(each.value).ifPresent(at -> add(at, each.key)));
  }

  /** From now on the store has all open requests up to this id. */
  void mark(String id) {
    if (!mark.equals(id)) {
      mark = id;
      store.put(MARK, id.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A request has another state now. */
  void replace(String id, Optional<RequestState> before, RequestState after) {
    Optional<Long> openBefore = before.flatMap(OpenIndex::expiry);
    Optional<Long> openNow = expiry(after);
    if (!openBefore.equals(openNow)) {
      openBefore.ifPresent(at -> remove(at, id));
      openNow.ifPresent(at -> add(at, id));
    }
  }

  /** A request that was new is so no more. */
  void aged(String id, RequestState state) {
    expiry(state)
        .ifPresent(
            at -> {
              String key = OpenKey.of(at, id);
              if (young.remove(key)) {
                keep(key, at);
              }
            });
  }

  /** A request is not known any more. */
  void remove(String id, RequestState state) {
    expiry(state).ifPresent(at -> remove(at, id));
  }

  /** When it expires, in milliseconds since the epoch; empty if it is not open. */
  private static Optional<Long> expiry(RequestState state) {
    return state.getTerminal().isPresent()
        ? Optional.empty()
        : state.getRequest().map(request -> request.getExpiresAt().toEpochMilli());
  }

  private void add(long expiresAtMillis, String id) {
    String key = OpenKey.of(expiresAtMillis, id);
    if (isNew.test(id)) {
      young.add(key);
    } else {
      keep(key, expiresAtMillis);
    }
  }

  private void keep(String key, long expiresAtMillis) {
    store.put(key, NOTHING);
    earliest = Math.min(earliest, expiresAtMillis);
  }

  private void remove(long expiresAtMillis, String id) {
    String key = OpenKey.of(expiresAtMillis, id);
    if (!young.remove(key) && !isNew.test(id)) {
      store.delete(key);
    }
  }

  /** All that the store has: when they expire, and their ids. */
  void forEachKept(BiConsumer<Long, String> taker) {
    try (KeyValueIterator<String, byte[]> all = store.range(null, END)) {
      while (all.hasNext()) {
        String key = all.next().key;
        taker.accept(OpenKey.expiresAtMillis(key), OpenKey.id(key));
      }
    }
  }

  /** Those that expire before a time, the earliest first, at most so many. */
  List<String> expiringBefore(long millis, int most) {
    NavigableSet<String> keys = new TreeSet<>();
    for (String key : young) {
      if (keys.size() == most || OpenKey.expiresAtMillis(key) >= millis) {
        break;
      }
      keys.add(key);
    }
    if (millis > earliest) {
      findKept(millis, most, keys);
    }
    return keys.stream().limit(most).map(OpenKey::id).toList();
  }

  private void findKept(long millis, int most, NavigableSet<String> keys) {
    long first = Long.MAX_VALUE;
    try (KeyValueIterator<String, byte[]> oldest = store.range(null, END)) {
      for (int found = 0; found < most && oldest.hasNext(); found++) {
        String key = oldest.next().key;
        long expiresAt = OpenKey.expiresAtMillis(key);
        first = Math.min(first, expiresAt);
        if (expiresAt >= millis) {
          break;
        }
        keys.add(key);
      }
    }
    earliest = first;
  }
}
