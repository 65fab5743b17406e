package io.weir.routing.replay;

import io.weir.routing.order.Orderable;
import io.weir.routing.prefix.PromptBlocks;
import io.weir.schemas.RequestClass;

/** A request with a class, a tenant and a deadline, on its way through an overload. */
final class OverloadRequest implements Orderable {
  /** How it ended. */
  enum Fate {
    UNDER_WAY,
    ANSWERED,
    /** It was turned away on arrival. */
    SHED,
    /** It was let in and dropped before any work. */
    DROPPED
  }

  final LiveRequest live;
  private final RequestClass requestClass;
  private final String tenant;
  private final long deadlineNanos;
  Fate fate = Fate.UNDER_WAY;
  private double costTokens = 1;

  OverloadRequest(
      int index, TraceRequest trace, RequestClass requestClass, String tenant, long deadlineNanos) {
    this.live = new LiveRequest(index, trace, 0, 0, PromptBlocks.NONE);
    this.requestClass = requestClass;
    this.tenant = tenant;
    this.deadlineNanos = deadlineNanos;
  }

  /** What it is expected to cost; known before it waits anywhere. */
  void estimated(double tokens) {
    costTokens = tokens;
  }

  @Override
  public RequestClass requestClass() {
    return requestClass;
  }

  @Override
  public String tenant() {
    return tenant;
  }

  @Override
  public double costTokens() {
    return costTokens;
  }

  @Override
  public long enqueuedNanos() {
    return live.trace.arrivalNanos();
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  long waited(long now) {
    return now - enqueuedNanos();
  }
}
