package io.weir.launcher.chaos;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The client's own record of one request. Times are milliseconds since the epoch. */
final class ClientEntry {
  private final ChaosRequest request;
  private final long sentAt;
  private final Set<String> ids = new ConcurrentSkipListSet<>();
  private volatile int resumes;
  private volatile int failovers;
  private volatile long endedAt;
  private volatile Optional<Outcome> outcome = Optional.empty();

  ClientEntry(ChaosRequest request, long sentAt) {
    this.request = request;
    this.sentAt = sentAt;
  }

  ChaosRequest request() {
    return request;
  }

  long sentAt() {
    return sentAt;
  }

  /** Ids that the client was told, normally one. */
  Set<String> ids() {
    return ids;
  }

  void told(String id) {
    ids.add(id);
  }

  /** How often it asked for the rest of its answer after a connection had broken. */
  int resumes() {
    return resumes;
  }

  /** How often it was sent to another ingress since one took no connection. */
  int failovers() {
    return failovers;
  }

  // One thread writes each entry.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void resumed() {
    resumes++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  void failedOver() {
    failovers++;
  }

  void ended(Outcome how, long at) {
    endedAt = at;
    outcome = Optional.of(how);
  }

  long endedAt() {
    return endedAt;
  }

  Optional<Outcome> outcome() {
    return outcome;
  }
}
