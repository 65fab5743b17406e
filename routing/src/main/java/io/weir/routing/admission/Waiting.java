package io.weir.routing.admission;

import io.weir.schemas.RequestClass;

/** A request that this ingress sent and that is not known to have been begun. */
public final class Waiting {
  private static final int UNKNOWN = -1;

  final RequestClass requestClass;

  /** What it adds to what waits. */
  final double costTokens;

  /** What an engine will have done once it is served. */
  final double servedTokens;

  int partition = UNKNOWN;
  long offset = UNKNOWN;

  /** True while no dispatcher has said how far it is beyond this request. */
  boolean unreported = true;

  boolean begun;
  boolean over;

  Waiting(RequestClass requestClass, double costTokens, double servedTokens) {
    this.requestClass = requestClass;
    this.costTokens = costTokens;
    this.servedTokens = servedTokens;
  }

  boolean isAcked() {
    return partition != UNKNOWN;
  }
}
