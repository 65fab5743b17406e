package io.weir.launcher.view;

/** There is nothing to look at. The message says so, and what to do, in a sentence. */
public final class NothingThereException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NothingThereException(String message) {
    super(message);
  }

  NothingThereException(String message, Throwable cause) {
    super(message, cause);
  }
}
