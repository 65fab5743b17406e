package io.weir.dispatcher.http;

import java.io.IOException;

/** No connection could be made: nothing was sent. */
public final class UnreachableException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
