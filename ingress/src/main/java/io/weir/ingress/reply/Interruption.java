package io.weir.ingress.reply;

/** Why an exchange ends without the end of its answer. */
public enum Interruption {
  /** It does not. */
  NONE,
  /** The client has left. */
  CLIENT_GONE,
  /** The ingress is shutting down. */
  SHUTTING_DOWN
}
