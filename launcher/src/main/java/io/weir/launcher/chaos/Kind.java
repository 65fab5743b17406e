package io.weir.launcher.chaos;

/** How a request is asked and its answer taken. */
enum Kind {
  /** The whole answer on the connection. */
  SYNC,
  /** As server-sent events. */
  STREAM,
  /** As server-sent events, cut by the client in the middle and taken up again elsewhere. */
  CUT_STREAM,
  /** Accepted at once, the answer fetched later. */
  ASYNC,
  /** Some tens of requests as the lines of a file, their answers fetched as a file. */
  BATCH;

  boolean streams() {
    return this == STREAM || this == CUT_STREAM;
  }
}
