package io.weir.controller.admin;

import java.util.Optional;

/** A request that is answered with an error. */
final class AdminException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String param;

  /**
   * @param status of HTTP, 400 to 599
   * @param code a stable word
   * @param message what was wrong and what to do
   */
  AdminException(int status, String code, String message) {
    this(status, code, "", message);
  }

  /**
   * @param param the field or header at fault
   */
  AdminException(int status, String code, String param, String message) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }

  static AdminException unknownEngine(String id) {
    return new AdminException(404, "unknown_engine", "There is no engine '" + id + "'.");
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  Optional<String> param() {
    return param.isEmpty() ? Optional.empty() : Optional.of(param);
  }
}
