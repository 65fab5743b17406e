package io.weir.routing.body;

import java.util.Optional;

/** A request's body cannot be taken; has no stack trace, as it is no surprise. */
public final class BodyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<String> param;

  private BodyException(Optional<String> param, String message) {
    super(message, null, false, false);
    this.param = param;
  }

  /** It is not the JSON it should be. */
  static BodyException malformed(String message) {
    return new BodyException(Optional.empty(), message);
  }

  /** A field has a value it must not have. */
  static BodyException invalid(String param, String message) {
    return new BodyException(Optional.of(param), message);
  }

  /** The field at fault; empty if the body is not a JSON object. */
  public Optional<String> param() {
    return param;
  }
}
