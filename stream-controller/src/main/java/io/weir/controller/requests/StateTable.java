package io.weir.controller.requests;

import io.weir.schemas.RequestState;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The states of one partition's requests. Everything is in the store; the requests with the highest
 * ids are kept as objects too. Ids sort by time and most events are of requests that have just
 * come: of those the store need not be asked, not even whether it knows a new id. Belongs to one
 * thread.
 */
final class StateTable {
  private final KeyValueStore<String, RequestState> store;
  private final int most;
  private final BiConsumer<String, RequestState> aged;
  private final NavigableMap<String, RequestState> newest = new TreeMap<>();

  /** Every known request with a greater id is among the newest. */
  private String floor;

  /**
   * Takes over a store, with nothing in it that counts as new.
   *
   * @param most how many requests count as new
   * @param aged hears of each that does so no more
   */
  StateTable(
      KeyValueStore<String, RequestState> store, int most, BiConsumer<String, RequestState> aged) {
    this.store = store;
    this.most = most;
    this.aged = aged;
    try (KeyValueIterator<String, RequestState> last = store.reverseAll()) {
      this.floor = last.hasNext() ? last.peekNextKey() : "";
    }
  }

  /** True of ids above those of all requests that are not kept as objects. */
  boolean isNew(String id) {
    return id.compareTo(floor) > 0;
  }

  /** The id above which requests are new; empty if all are. */
  String floor() {
    return floor;
  }

  Optional<RequestState> get(String id) {
    return Optional.ofNullable(isNew(id) ? newest.get(id) : store.get(id));
  }

  void put(String id, RequestState state) {
    store.put(id, state);
    if (!isNew(id)) {
      return;
    }
    newest.put(id, state);
    while (newest.size() > most) {
      Map.Entry<String, RequestState> oldest = newest.pollFirstEntry();
      // Not what is written in it, which may be anything: the store goes by keys.
      floor = oldest.getKey();
      aged.accept(oldest.getKey(), oldest.getValue());
    }
  }

  void delete(String id) {
    newest.remove(id);
    store.delete(id);
  }

  /** Those with ids from one to another, both included; the caller closes it. */
  KeyValueIterator<String, RequestState> range(String from, String to) {
    return store.range(from, to);
  }

  /** Those with ids from one on. */
  void forEachFrom(String from, Consumer<KeyValue<String, RequestState>> taker) {
    try (KeyValueIterator<String, RequestState> all = store.range(from, null)) {
      all.forEachRemaining(taker);
    }
  }
}
