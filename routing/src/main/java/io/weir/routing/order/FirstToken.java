package io.weir.routing.order;

/**
 * Predicts the time from now to a request's first token if it is sent at once.
 *
 * @param <T> the caller's request
 */
public interface FirstToken<T> {
  /** Nanoseconds to wait for the engine and to compute the prompt; not negative. */
  long nanos(T request);
}
