package io.weir.ingress;

/** Ends a request with an error before it is sent off; has no stack trace, as it is no surprise. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  RefusedException(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
