package io.weir.controller.requests;

import io.weir.schemas.PendingCallback;
import io.weir.schemas.RequestState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Results of one partition's requests that are still to be posted. They stand in a store, so that a
 * restart goes on with them. Belongs to the partition's thread, but for results.
 */
final class CallbackQueue {
  private static final int BATCH = 200;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final KeyValueStore<String, PendingCallback> pending;
  private final Function<String, Optional<RequestState>> states;
  private final CallbackPoster poster;
  private final Queue<Result> results = new ConcurrentLinkedQueue<>();
  private final Set<String> underWay = new HashSet<>();
  private String lookedTo = "";

  private record Result(String id, CallbackOutcome outcome) {}

  CallbackQueue(
      KeyValueStore<String, PendingCallback> pending,
      Function<String, Optional<RequestState>> states,
      CallbackPoster poster) {
    this.pending = pending;
    this.states = states;
    this.poster = poster;
  }

  /** A request has come to its end. */
  void add(String id, long nowMillis) {
    Instant now = Instant.ofEpochMilli(nowMillis);
    pending.put(id, new PendingCallback(0, now, now.plus(poster.patience())));
  }

  /** Notes how tries went, and begins others that are due. */
  void turn(long nowMillis) {
    Instant now = Instant.ofEpochMilli(nowMillis);
    for (Result result = results.poll(); result != null; result = results.poll()) {
      note(result, now);
    }
    List<KeyValue<String, PendingCallback>> looked = new ArrayList<>();
    try (KeyValueIterator<String, PendingCallback> next = pending.range(lookedTo, null)) {
      while (next.hasNext() && looked.size() < BATCH) {
        looked.add(next.next());
      }
    }
    lookedTo = looked.size() < BATCH ? "" : looked.getLast().key;
    for (KeyValue<String, PendingCallback> each : looked) {
      if (!begin(each.key, each.value, now)) {
        return;
      }
    }
  }

  /** False if there is no room for any. */
  private boolean begin(String id, PendingCallback callback, Instant now) {
    if (underWay.contains(id) || callback.getNextAt().isAfter(now)) {
      return true;
    }
    Optional<RequestState> state = states.apply(id);
    if (state.isEmpty()) {
      pending.delete(id);
      return true;
    }
    boolean begun = poster.post(state.get(), outcome -> results.add(new Result(id, outcome)));
    if (begun) {
      underWay.add(id);
    }
    return begun;
  }

  private void note(Result result, Instant now) {
    underWay.remove(result.id());
    PendingCallback callback = pending.get(result.id());
    if (callback == null) {
      return;
    }
    int tries = callback.getAttempts() + 1;
    Instant next = now.plus(pause(tries));
    if (result.outcome() == CallbackOutcome.DONE || next.isAfter(callback.getUntil())) {
      pending.delete(result.id());
    } else {
      pending.put(result.id(), new PendingCallback(tries, next, callback.getUntil()));
    }
  }

  /** Doubles with every try: 5 s, 10 s, 20 s, … one hour. */
  static Duration pause(int tries) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 20));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
