package io.weir.ingress.lookup;

/** What asking the controllers for a request came to. */
public sealed interface Lookup {
  /** They know it. */
  record Found(RequestView view) implements Lookup {}

  /** There is no such request. */
  record Unknown() implements Lookup {}

  /** There was one, too long ago. */
  record Expired() implements Lookup {}

  /**
   * None can tell at present.
   *
   * @param retryMillis when to come again
   */
  record Unavailable(long retryMillis) implements Lookup {}
}
