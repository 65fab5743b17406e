package io.weir.dispatcher;

import io.weir.routing.order.Orderable;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RequestClass;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A request that waits for an engine. Its times were told by others' clocks; here they are on this
 * process's monotonic one, so that no clock that is set meanwhile changes the order.
 *
 * @param costTokens what it is expected to cost
 */
record Ready(
    Held held,
    double costTokens,
    long enqueuedNanos,
    long deadlineNanos,
    long startByNanos,
    long expiresNanos)
    implements Orderable {
  /**
   * A request that comes to wait now. One that is to be run again stands where it did, and is no
   * longer dropped for having waited: work was done for it.
   *
   * @param nanos now on the monotonic clock
   * @param epochMillis now on the wall clock
   */
  static Ready of(Held held, double costTokens, long nanos, long epochMillis) {
    InferenceRequest request = held.request();
    Optional<Instant> startBy = request.getStartBy();
    long expires = at(held.expiresAtMillis(), nanos, epochMillis);
    long begin = startBy.map(by -> at(by.toEpochMilli(), nanos, epochMillis)).orElse(expires);
    return new Ready(
        held,
        costTokens,
        at(held.enqueuedAtMillis(), nanos, epochMillis),
        begin,
        isDroppedForWaiting(held) ? begin : Long.MAX_VALUE,
        expires);
  }

  /** True if it is of no use any more once it has waited too long. */
  static boolean isDroppedForWaiting(Held held) {
    return held.request().getStartBy().isPresent() && held.attempt().getNumber() == 1;
  }

  private static long at(long millis, long nanos, long epochMillis) {
    return nanos + TimeUnit.MILLISECONDS.toNanos(millis - epochMillis);
  }

  @Override
  public RequestClass requestClass() {
    return held.requestClass();
  }

  @Override
  public String tenant() {
    return held.request().getTenant();
  }

  long bytes() {
    return held.bytes();
  }
}
