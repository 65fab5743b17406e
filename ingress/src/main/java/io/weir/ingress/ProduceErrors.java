package io.weir.ingress;

import java.util.OptionalLong;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** What a client is told when its request could not be written to Kafka. */
final class ProduceErrors {
  private static final String REASON = "broker_unavailable";
  private static final long RETRY_MILLIS = 1_000;

  private ProduceErrors() {}

  /** It was not sent. */
  static ApiError notSent(Exception cause, IngressLimits limits) {
    if (cause instanceof RecordTooLargeException) {
      return tooLarge(limits);
    }
    return ApiError.unavailable(
        REASON,
        cause instanceof BufferExhaustedException
            ? "The brokers do not keep up; nothing was sent."
            : "The brokers cannot be reached; nothing was sent.",
        RETRY_MILLIS);
  }

  /** It was sent, and the brokers did not take it or did not say so. */
  static ApiError failed(Exception cause, IngressLimits limits) {
    return cause instanceof RecordTooLargeException ? tooLarge(limits) : unknown();
  }

  /** True if the request may have been written all the same. */
  static boolean isUnknown(Exception cause) {
    return !(cause instanceof RecordTooLargeException);
  }

  private static ApiError tooLarge(IngressLimits limits) {
    return ApiError.invalid(
        413,
        "request_too_large",
        "The request exceeds what the brokers take; the body limit here is " + limits.body() + ".");
  }

  /** It may have been written all the same, so that it may run. */
  static ApiError unknown() {
    return ApiError.failed(
        503,
        "The brokers did not acknowledge the request in time; it is cancelled, and may have run until then.",
        new ApiError.Weir(REASON, false, false, 0, 0, OptionalLong.of(RETRY_MILLIS)));
  }
}
