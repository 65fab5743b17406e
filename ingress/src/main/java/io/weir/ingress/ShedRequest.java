package io.weir.ingress;

import io.weir.ingress.admission.Entry;
import io.weir.routing.admission.ShedReason;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request that was not let in, as its client and the lifecycle are told.
 *
 * @param bodyBytes length of its body
 * @param watched whether a client waits for it
 */
record ShedRequest(
    String id,
    String tenant,
    String source,
    String pool,
    RequestClass requestClass,
    String model,
    String path,
    boolean stream,
    ReplyAddress reply,
    Instant at,
    Instant expiresAt,
    long bodyBytes,
    boolean watched,
    Entry.Shed shed) {
  /** How many others like it an event stands for. */
  static final String REPEATED = "repeated";

  private static final int UNAVAILABLE = 503;
  private static final int CONTENDED = 429;

  /** What its client is told. */
  ApiError error() {
    return ApiError.shed(
        status(), shed.reason().label(), message(), shed.retryAfter().toMillis(), shed.numbers());
  }

  private int status() {
    return shed.reason() == ShedReason.NO_CAPACITY ? UNAVAILABLE : CONTENDED;
  }

  private String message() {
    String word = requestClass.name().toLowerCase(Locale.ROOT);
    String why =
        switch (shed.reason()) {
          case QUEUE_DELAY ->
              "The queue of %s would take %.0f ms; a %s request may wait %.0f ms."
                  .formatted(pool, number("wait_ms"), word, number("limit_ms"));
          case TENANT_SHARE ->
              "The queue of %s is nearly full, and %.0f tokens of yours wait in it, which is your share of the class %s."
                  .formatted(pool, number("tenant_tokens"), word);
          case DEADLINE ->
              "The queue of %s would take %.0f ms, longer than the request has."
                  .formatted(pool, number("wait_ms"));
          case NO_CAPACITY -> "Nothing serves %s at present.".formatted(pool);
          case PLANNED ->
              "There is more demand for %s than its engines can serve; a part of the class %s is turned away."
                  .formatted(pool, word);
          case BROWN_OUT ->
              "The class %s of %s is held back while higher classes wait.".formatted(word, pool);
          case REQUESTS_PER_MINUTE, TOKENS_PER_MINUTE, REQUEST_TOO_LARGE, BUDGET_EXHAUSTED ->
              "A limit of its tenant is reached: %s.".formatted(shed.reason().label());
          case LANE_FULL ->
              "%.0f requests of the class %s wait for %s, which is the most."
                  .formatted(number("queued_requests"), word, pool);
        };
    return why + " Try again in " + shed.retryAfter().toMillis() + " ms.";
  }

  private double number(String name) {
    return shed.numbers().getOrDefault(name, 0.0);
  }

  /**
   * What the lifecycle is told.
   *
   * @param member who turned it away
   * @param others how many like it were turned away that no other event tells of
   */
  LifecycleEvent event(String member, long others) {
    Map<String, Double> numbers = new HashMap<>(shed.numbers());
    if (others > 0) {
      numbers.put(REPEATED, (double) others);
    }
    AcceptedRequest request =
        new AcceptedRequest(
            null,
            reply,
            path,
            stream,
            at,
            expiresAt,
            shed.promptTokens(),
            shed.outputTokens(),
            bodyBytes,
            watched,
            null,
            null);
    return new LifecycleEvent(
        id,
        LifecycleType.SHED,
        at,
        member,
        source,
        pool,
        requestClass,
        tenant,
        model,
        request,
        null,
        null,
        null,
        null,
        null,
        new Failure(
            shed.reason().label(),
            message(),
            status(),
            true,
            false,
            shed.retryAfter().toMillis(),
            numbers),
        null,
        null,
        List.of(),
        null,
        false);
  }
}
