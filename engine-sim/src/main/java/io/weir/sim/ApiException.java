package io.weir.sim;

import java.util.Optional;
import java.util.OptionalLong;

/** A request that is answered with an error of OpenAI's shape. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String param;
  private final String code;
  private final long retryAfterSeconds;

  private ApiException(
      int status, String type, String param, String code, String message, long retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static ApiException badRequest(String param, String message) {
    return new ApiException(400, "invalid_request_error", param, "", message, -1);
  }

  static ApiException badRequest(String param, String code, String message) {
    return new ApiException(400, "invalid_request_error", param, code, message, -1);
  }

  static ApiException of(int status, String type, String code, String message) {
    return new ApiException(status, type, "", code, message, -1);
  }

  ApiException retryAfter(long seconds) {
    return new ApiException(status, type, param, code, getMessage(), seconds);
  }

  int status() {
    return status;
  }

  OptionalLong retryAfterSeconds() {
    return retryAfterSeconds < 0 ? OptionalLong.empty() : OptionalLong.of(retryAfterSeconds);
  }

  /** The error as OpenAI writes it. */
  byte[] body() {
    JsonBuffer json = new JsonBuffer(256 + 2 * getMessage().length());
    json.raw("{\"error\":{\"message\":").quoted(getMessage());
    json.raw(",\"type\":").quoted(type);
    json.raw(",\"param\":").quotedOrNull(named(param));
    json.raw(",\"code\":").quotedOrNull(named(code));
    return json.raw("}}").toBytes();
  }

  private static Optional<String> named(String text) {
    return Optional.of(text).filter(value -> !value.isEmpty());
  }
}
