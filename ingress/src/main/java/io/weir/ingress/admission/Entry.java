package io.weir.ingress.admission;

import io.weir.ingress.reply.RequestWatch;
import io.weir.routing.admission.ShedReason;
import java.time.Duration;
import java.util.Map;

/** Whether a request was let in, and what it is expected to take of an engine. */
public sealed interface Entry {
  /** Tokens of its prompt. */
  int promptTokens();

  /** Tokens of its answer. */
  int outputTokens();

  /**
   * It was.
   *
   * @param watch is to hear how it fares
   */
  record Admitted(int promptTokens, int outputTokens, RequestWatch watch) implements Entry {}

  /**
   * It was not.
   *
   * @param numbers what led to it, by name with the unit
   * @param retryAfter when to try again
   */
  record Shed(
      int promptTokens,
      int outputTokens,
      ShedReason reason,
      Map<String, Double> numbers,
      Duration retryAfter)
      implements Entry {}
}
