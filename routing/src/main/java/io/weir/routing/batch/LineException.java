package io.weir.routing.batch;

import java.util.Optional;

/** A line cannot be taken; has no stack trace, as it is no surprise. */
public final class LineException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final transient Optional<String> param;

  LineException(String code, String message) {
    super(message, null, false, false);
    this.code = code;
    this.param = Optional.empty();
  }

  LineException(String code, String param, String message) {
    super(message, null, false, false);
    this.code = code;
    this.param = Optional.of(param);
  }

  /** A stable word. */
  public String code() {
    return code;
  }

  /** The field at fault, such as {@code body.model}. */
  public Optional<String> param() {
    return param;
  }
}
