package io.weir.routing.queue;

/**
 * What a ready queue gives out.
 *
 * @param <T> the caller's request
 */
public sealed interface Next<T extends Ready> {
  /** A request to start now. */
  record Run<T extends Ready>(T request) implements Next<T> {}

  /** A request whose time is over; no engine may see it. */
  record Expired<T extends Ready>(T request) implements Next<T> {}

  /** Nothing waits. */
  record Empty<T extends Ready>() implements Next<T> {}
}
