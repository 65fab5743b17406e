package io.weir.routing.request;

/** Who is dead, by the log. */
@FunctionalInterface
public interface Deaths {
  /**
   * True if nothing that the member claimed in this epoch is worked on any more: it is dead, it has
   * said that it leaves, or it lives in a later epoch.
   */
  boolean isDead(String member, long epoch);
}
