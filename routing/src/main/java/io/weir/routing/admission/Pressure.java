package io.weir.routing.admission;

/**
 * What speaks against a request before its queue is looked at; none of it binds where little waits.
 */
public enum Pressure {
  NONE,
  /** The plan of the weights turns it away. */
  PLANNED,
  /** Its class is taken down while a higher one waits too long. */
  BROWN_OUT
}
