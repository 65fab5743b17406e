package io.weir.schemas;

/** The registry could not be asked, or said no; the message names what was asked of which URL. */
public sealed class SchemaRegistryException extends RuntimeException
    permits UnknownSchemaException {
  private static final long serialVersionUID = 1L;

  SchemaRegistryException(String message) {
    super(message);
  }

  SchemaRegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
