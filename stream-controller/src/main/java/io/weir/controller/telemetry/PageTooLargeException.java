package io.weir.controller.telemetry;

import java.io.IOException;

/** A page is larger than any metrics are. */
final class PageTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  PageTooLargeException(int most) {
    super("The page has more than " + most + " bytes.");
  }
}
