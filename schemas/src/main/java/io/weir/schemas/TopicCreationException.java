package io.weir.schemas;

/** A topic could not be made ready; the message says which, why and what to do. */
public final class TopicCreationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TopicCreationException(String message, Throwable cause) {
    super(message, cause);
  }

  TopicCreationException(String message) {
    super(message);
  }
}
