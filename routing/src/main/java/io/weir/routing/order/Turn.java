package io.weir.routing.order;

/**
 * What the order gives out.
 *
 * @param <T> the caller's request
 */
public sealed interface Turn<T extends Orderable> {
  /**
   * A request to send now.
   *
   * @param waitedNanos since it began to wait
   */
  record Run<T extends Orderable>(T request, long waitedNanos) implements Turn<T> {}

  /**
   * A request that no engine may see any more.
   *
   * @param waitedNanos since it began to wait
   * @param lateNanos by how much it, or its first token, would be too late; 0 if that is not the
   *     reason
   */
  record Drop<T extends Orderable>(T request, DropReason reason, long waitedNanos, long lateNanos)
      implements Turn<T> {}

  /** Nothing waits that may be served now. */
  record Empty<T extends Orderable>() implements Turn<T> {}
}
