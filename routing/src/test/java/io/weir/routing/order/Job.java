package io.weir.routing.order;

import io.weir.schemas.RequestClass;

record Job(
    RequestClass requestClass,
    String tenant,
    double costTokens,
    long enqueuedNanos,
    long deadlineNanos)
    implements Orderable {
  static final long SECOND = 1_000_000_000L;

  /** One that has all the time there is. */
  static Job patient(RequestClass requestClass, String tenant, double costTokens) {
    return new Job(requestClass, tenant, costTokens, 0, Long.MAX_VALUE / 2);
  }

  static Job standard(long enqueued, long deadline) {
    return new Job(RequestClass.STANDARD, "tenant", 1, enqueued, deadline);
  }
}
