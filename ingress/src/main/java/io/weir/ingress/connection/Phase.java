package io.weir.ingress.connection;

/** What a connection is waiting for. */
enum Phase {
  /** The first byte of a request. */
  IDLE,
  /** The rest of the request line and headers. */
  HEADERS,
  /** The rest of the body. */
  BODY,
  /** The answer; the client has nothing to do. */
  ANSWER,
  /** The end of what a client sends after it was told off. */
  LINGER
}
