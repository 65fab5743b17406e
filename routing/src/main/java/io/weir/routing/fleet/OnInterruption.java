package io.weir.routing.fleet;

/** What becomes of a stream that breaks off after its first byte. */
public enum OnInterruption {
  /** It ends with an error in the stream. */
  ERROR,
  /** Another engine goes on with the text so far, if one can; else it ends with an error. */
  CONTINUE
}
