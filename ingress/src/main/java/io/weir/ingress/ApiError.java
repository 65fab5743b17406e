package io.weir.ingress;

import io.weir.routing.body.BodyException;
import io.weir.schemas.Failure;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An error as clients see it, in OpenAI's shape with Weir's own part.
 *
 * @param status HTTP status, if nothing was sent before
 * @param type OpenAI's type of error
 * @param code OpenAI's code where it has one
 * @param param the field or header at fault
 * @param message a sentence for people
 * @param weir what only Weir knows
 */
record ApiError(
    int status,
    String type,
    Optional<String> code,
    Optional<String> param,
    String message,
    Weir weir) {
  private static final long RETRY_MILLIS = 1_000;

  /**
   * Weir's own part.
   *
   * @param reason a stable word
   * @param retrySafe repeating the request cannot do its work twice
   * @param workStarted an engine may have worked on it
   * @param queueMillis how long it waited
   * @param attempts how many attempts there were
   * @param retryAfterMillis when to come again
   * @param numbers what led to it, by name with the unit
   */
  record Weir(
      String reason,
      boolean retrySafe,
      boolean workStarted,
      long queueMillis,
      int attempts,
      OptionalLong retryAfterMillis,
      Map<String, Double> numbers) {
    /** Without numbers. */
    Weir(
        String reason,
        boolean retrySafe,
        boolean workStarted,
        long queueMillis,
        int attempts,
        OptionalLong retryAfterMillis) {
      this(reason, retrySafe, workStarted, queueMillis, attempts, retryAfterMillis, Map.of());
    }

    /** Nothing was produced, queued or worked on. */
    static Weir untouched(String reason) {
      return new Weir(reason, true, false, 0, 0, OptionalLong.empty());
    }
  }

  /** The client's own mistake. */
  static ApiError invalid(int status, String reason, String message) {
    return new ApiError(
        status,
        "invalid_request_error",
        Optional.of(reason),
        Optional.empty(),
        message,
        Weir.untouched(reason));
  }

  /** The client's own mistake in one field or header. */
  static ApiError invalid(String param, String message) {
    return new ApiError(
        400,
        "invalid_request_error",
        Optional.of("invalid_value"),
        Optional.of(param),
        message,
        Weir.untouched("invalid_value"));
  }

  /** What is wrong with a body. */
  static ApiError of(BodyException wrong) {
    return wrong
        .param()
        .map(param -> invalid(param, wrong.getMessage()))
        .orElseGet(() -> invalid(400, "invalid_json", wrong.getMessage()));
  }

  /** Not now, and nothing was done; come again. */
  static ApiError unavailable(String reason, String message, long retryAfterMillis) {
    return new ApiError(
        503,
        "server_error",
        Optional.of(reason),
        Optional.empty(),
        message,
        new Weir(reason, true, false, 0, 0, OptionalLong.of(retryAfterMillis)));
  }

  /**
   * Not now, for want of capacity or of a share in it, and nothing was done; come again.
   *
   * @param status 429 or 503
   * @param numbers what led to it, by name with the unit
   */
  static ApiError shed(
      int status,
      String reason,
      String message,
      long retryAfterMillis,
      Map<String, Double> numbers) {
    return failed(
        status,
        message,
        new Weir(reason, true, false, 0, 0, OptionalLong.of(retryAfterMillis), numbers));
  }

  /** Something went wrong after the request was sent off. */
  static ApiError failed(int status, String message, Weir weir) {
    return new ApiError(
        status,
        status == 429
            ? "rate_limit_error"
            : status < 500 ? "invalid_request_error" : "server_error",
        Optional.of(weir.reason()),
        Optional.empty(),
        message,
        weir);
  }

  /**
   * What the end of an attempt says. Who is sent away for now is told when to come again, even if
   * the engine did not say.
   */
  static ApiError of(Failure failure, long queueMillis, int attempts) {
    boolean forNow = failure.getStatus() == 429 || failure.getStatus() == 503;
    OptionalLong unsaid = forNow ? OptionalLong.of(RETRY_MILLIS) : OptionalLong.empty();
    return failed(
        failure.getStatus(),
        failure.getMessage(),
        new Weir(
            failure.getReason(),
            failure.getRetrySafe(),
            failure.getWorkStarted(),
            queueMillis,
            attempts,
            failure.getRetryAfterMs().map(OptionalLong::of).orElse(unsaid),
            failure.getNumbers()));
  }

  /** The same, to somebody who can repeat the request without its work being done twice. */
  ApiError withSafeRetry() {
    return new ApiError(
        status,
        type,
        code,
        param,
        message,
        new Weir(
            weir.reason(),
            true,
            weir.workStarted(),
            weir.queueMillis(),
            weir.attempts(),
            weir.retryAfterMillis(),
            weir.numbers()));
  }

  ApiError withMessage(String other) {
    return new ApiError(status, type, code, param, other, weir);
  }

  ApiError withParam(String name) {
    return new ApiError(status, type, code, Optional.of(name), message, weir);
  }
}
