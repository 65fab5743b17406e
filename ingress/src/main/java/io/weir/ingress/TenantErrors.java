package io.weir.ingress;

import io.weir.ingress.admission.Arrival;
import io.weir.ingress.admission.Entry;
import io.weir.ingress.tenant.Pass;
import io.weir.routing.admission.ShedReason;
import io.weir.routing.limit.LimitReason;
import io.weir.routing.limit.LimitVerdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What clients are told whose tenant may not have what they ask for. */
final class TenantErrors {
  private static final String RATE = "rate_limit_exceeded";
  private static final String QUOTA = "insufficient_quota";

  private TenantErrors() {}

  static ApiError of(Pass.ModelNotAllowed refused) {
    return modelNotAllowed(refused.model());
  }

  static ApiError of(Pass.ClassNotAllowed refused) {
    return classNotAllowed(refused.requestClass()).withParam("service_tier");
  }

  static ApiError modelNotAllowed(String model) {
    return ApiError.invalid(
            403,
            "model_not_allowed",
            "This key may not use the model '" + model + "'; GET /v1/models lists those it may.")
        .withParam("model");
  }

  static ApiError classNotAllowed(String requestClass) {
    return ApiError.invalid(
        403, "class_not_allowed", "This key may not use the class " + requestClass + ".");
  }

  /** What the lifecycle is told of a request that its tenant's limits turned away. */
  static Entry.Shed shed(LimitVerdict.Refused refused, Arrival arrival) {
    ShedReason reason =
        switch (refused.reason()) {
          case REQUESTS_PER_MINUTE -> ShedReason.REQUESTS_PER_MINUTE;
          case TOKENS_PER_MINUTE -> ShedReason.TOKENS_PER_MINUTE;
          case REQUEST_TOO_LARGE -> ShedReason.REQUEST_TOO_LARGE;
          case BUDGET_EXHAUSTED -> ShedReason.BUDGET_EXHAUSTED;
        };
    return new Entry.Shed(
        arrival.scannedTokens(),
        Math.max(0, arrival.outputLimit().orElse(0)),
        reason,
        refused.numbers(),
        refused.retryAfter().orElse(Duration.ZERO));
  }

  static ApiError of(LimitVerdict.Refused refused) {
    LimitReason reason = refused.reason();
    if (reason == LimitReason.REQUEST_TOO_LARGE) {
      // Not a 429: clients would try again, and it would never pass.
      return new ApiError(
          413,
          "invalid_request_error",
          Optional.of("request_too_large"),
          Optional.empty(),
          "The request would take about %.0f tokens, more than the %.0f that this key has in a minute."
              .formatted(refused.numbers().get("tokens"), refused.numbers().get("tokens_limit")),
          weir(reason, OptionalLong.empty(), refused.numbers()));
    }
    boolean budget = reason == LimitReason.BUDGET_EXHAUSTED;
    long retryMillis =
        refused.retryAfter().map(TenantErrors::millis).orElse(Duration.ofMinutes(1).toMillis());
    return new ApiError(
        429,
        budget ? QUOTA : reason == LimitReason.TOKENS_PER_MINUTE ? "tokens" : "requests",
        Optional.of(budget ? QUOTA : RATE),
        Optional.empty(),
        message(refused) + " Try again in " + retryMillis + " ms.",
        weir(reason, OptionalLong.of(retryMillis), refused.numbers()));
  }

  /** Never too few. */
  private static long millis(Duration time) {
    return Math.max(1, time.plusNanos(999_999).toMillis());
  }

  private static String message(LimitVerdict.Refused refused) {
    return switch (refused.reason()) {
      case REQUESTS_PER_MINUTE ->
          "This key's limit of %.0f requests per minute is reached."
              .formatted(refused.numbers().get("requests_limit"));
      case TOKENS_PER_MINUTE ->
          "This key's limit of %.0f tokens per minute is reached; the request would take about %.0f."
              .formatted(refused.numbers().get("tokens_limit"), refused.numbers().get("tokens"));
      case BUDGET_EXHAUSTED, REQUEST_TOO_LARGE -> "This key's budget is used up.";
    };
  }

  private static ApiError.Weir weir(
      LimitReason reason, OptionalLong retryMillis, Map<String, Double> numbers) {
    return new ApiError.Weir(reason.label(), true, false, 0, 0, retryMillis, numbers);
  }
}
