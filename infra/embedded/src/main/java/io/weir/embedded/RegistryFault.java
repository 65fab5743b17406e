package io.weir.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A refusal with Confluent's error code; the first three digits are the HTTP status. */
final class RegistryFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int SUBJECT_NOT_FOUND = 40401;
  static final int VERSION_NOT_FOUND = 40402;
  static final int SCHEMA_NOT_FOUND = 40403;
  static final int INVALID_SCHEMA = 42201;
  static final int INVALID_VERSION = 42202;
  static final int OPERATION_NOT_PERMITTED = 42205;

  private static final int STATUS_DIGITS = 100;
  private static final int MAX_STATUS = 599;

  private final int code;

  RegistryFault(int code, String message) {
    super(message);
    this.code = code;
  }

  static RegistryFault subjectNotFound(String subject) {
    return new RegistryFault(SUBJECT_NOT_FOUND, "Subject '" + subject + "' not found.");
  }

  int status() {
    return code > MAX_STATUS ? code / STATUS_DIGITS : code;
  }

  ObjectNode body() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("error_code", code)
        .put("message", getMessage());
  }
}
