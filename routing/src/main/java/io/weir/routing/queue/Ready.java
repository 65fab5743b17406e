package io.weir.routing.queue;

import io.weir.schemas.RequestClass;

/** A request that waits for an engine, as the queue sees it. */
public interface Ready {
  RequestClass requestClass();

  /** Memory it holds, in bytes. */
  long bytes();

  /** When it was first put into a queue, in milliseconds since the epoch. */
  long enqueuedAtMillis();

  /** When it must no longer be started, in milliseconds since the epoch. */
  long expiresAtMillis();
}
