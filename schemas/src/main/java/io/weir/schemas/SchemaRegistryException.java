package io.weir.schemas;

/** The registry could not be asked, or said no; the message names what was asked of which URL. */
public final class SchemaRegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchemaRegistryException(String message) {
    super(message);
  }

  SchemaRegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
