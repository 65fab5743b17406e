package io.weir.dispatcher.http;

import java.io.IOException;

/** What came back cannot be understood. */
public final class BadAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  public BadAnswerException(String message) {
    super(message);
  }
}
