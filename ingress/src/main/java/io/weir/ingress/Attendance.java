package io.weir.ingress;

/** Who waits for a request's answer. */
enum Attendance {
  /** The client, at its connection; a request whose client left is ended. */
  CLIENT,
  /** Nobody has to: OpenAI's background mode. The client may follow the events as they come. */
  BACKGROUND,
  /** Nobody: the client asked for 202 and comes back. */
  ASYNC;

  /** True if a request runs on whoever leaves. */
  boolean isDetached() {
    return this != CLIENT;
  }

  /** True if the client is told that the request was taken, and nothing more. */
  boolean isAnsweredAtOnce(boolean stream) {
    return this == ASYNC || (this == BACKGROUND && !stream);
  }
}
