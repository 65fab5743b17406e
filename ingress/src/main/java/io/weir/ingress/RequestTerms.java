package io.weir.ingress;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.config.Default;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request's headers ask for.
 *
 * @param contentType of the body
 * @param deadline how long it may take
 * @param session what it has in common with others
 * @param traceparent W3C trace context
 * @param async true if the client does not wait for the answer at its connection
 * @param key the client's idempotency key
 * @param resume how long the request runs on after its client left
 * @param callback where the result is to be posted
 * @param after the last event of the answer that the client has
 */
record RequestTerms(
    String contentType,
    Optional<Duration> deadline,
    Optional<String> session,
    Optional<String> traceparent,
    boolean async,
    Optional<String> key,
    Optional<Duration> resume,
    Optional<String> callback,
    Optional<EventId> after) {
  private static final Logger LOG = LoggerFactory.getLogger(RequestTerms.class);
  private static final String JSON = "application/json";
  private static final int LONGEST_KEY = 255;

  /** Reads durations as the configuration has them. */
  record Grace(@Default("60s") Duration value) {}

  /**
   * Reads them.
   *
   * @throws RefusedException with 400 or 415 and the header that is wrong
   */
  static RequestTerms of(ServerRequest request, CallbackHosts callbacks) throws RefusedException {
    boolean async = isAsync(request);
    Optional<String> key = key(request);
    Optional<EventId> after = lastEvent(request);
    Optional<String> callback = header(request, Responses.CALLBACK);
    if (callback.isPresent()) {
      callback = Optional.of(callbacks.check(callback.get()));
    }
    if (after.isPresent() && (key.isEmpty() || async)) {
      throw refused(
          Responses.LAST_EVENT_ID,
          "needs the Idempotency-Key of the request that is to be gone on with; or GET /v1/requests/{id}/events.");
    }
    return new RequestTerms(
        contentType(request),
        deadline(request),
        header(request, Responses.SESSION),
        header(request, Responses.TRACEPARENT),
        async,
        key,
        resume(request),
        callback,
        after);
  }

  /**
   * A client that waits for the answer itself has it sent nowhere else.
   *
   * @throws RefusedException with 400 if it asks for that
   */
  void requireNoCallback() throws RefusedException {
    if (callback.isPresent()) {
      throw refused(
          Responses.CALLBACK,
          "needs the header Prefer: respond-async, or a response in the background.");
    }
  }

  /**
   * The last event that a client has.
   *
   * @throws RefusedException with 400 if it is no event's id
   */
  static Optional<EventId> lastEvent(ServerRequest request) throws RefusedException {
    Optional<String> given = header(request, Responses.LAST_EVENT_ID);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Optional<EventId> id = EventId.parse(given.get().strip());
    if (id.isEmpty()) {
      throw refused(Responses.LAST_EVENT_ID, "must be the id of an event, <attempt>.<seq>.");
    }
    return id;
  }

  /** RFC 7240: one of several preferences, maybe with parameters. */
  private static boolean isAsync(ServerRequest request) {
    return request.headers().values(Responses.PREFER).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(preference -> preference.split(";", 2)[0].strip())
        .anyMatch("respond-async"::equalsIgnoreCase);
  }

  private static Optional<String> key(ServerRequest request) throws RefusedException {
    Optional<String> key = header(request, Responses.IDEMPOTENCY_KEY);
    if (key.isPresent() && key.get().length() > LONGEST_KEY) {
      throw refused(
          Responses.IDEMPOTENCY_KEY, "must not be longer than " + LONGEST_KEY + " characters.");
    }
    return key;
  }

  private static Optional<Duration> resume(ServerRequest request) throws RefusedException {
    Optional<String> given = header(request, Responses.RESUME);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    try {
      Duration grace = Configs.with(Grace.class, Map.of("value", given.get().strip())).value();
      if (grace.isPositive() && grace.compareTo(RequestExpiry.LONGEST) <= 0) {
        return Optional.of(grace);
      }
    } catch (ConfigException e) {
      LOG.trace("bad grace", e);
    }
    throw refused(Responses.RESUME, "must be a duration such as 60s, at most 24h.");
  }

  private static String contentType(ServerRequest request) throws RefusedException {
    String contentType = header(request, HeaderNames.CONTENT_TYPE).orElse(JSON);
    String media = contentType.split(";", 2)[0].strip();
    if (!media.equalsIgnoreCase(JSON)) {
      throw new RefusedException(
          ApiError.invalid(
              415,
              "unsupported_media_type",
              "The body must be " + JSON + ", not " + media.toLowerCase(Locale.ROOT) + "."));
    }
    return contentType;
  }

  private static Optional<Duration> deadline(ServerRequest request) throws RefusedException {
    Optional<String> given = header(request, Responses.DEADLINE_MS);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    try {
      Duration deadline = Duration.ofMillis(Long.parseLong(given.get().strip()));
      if (deadline.isPositive() && deadline.compareTo(RequestExpiry.LONGEST) <= 0) {
        return Optional.of(deadline);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      LOG.trace("bad deadline", e);
    }
    throw refused(
        Responses.DEADLINE_MS, "must be a whole number of milliseconds from 1 to 86400000.");
  }

  private static RefusedException refused(HeaderName header, String sentence) {
    return new RefusedException(
        ApiError.invalid(
            header.defaultCase(), "The header " + header.defaultCase() + " " + sentence));
  }

  private static Optional<String> header(ServerRequest request, HeaderName name) {
    return request.headers().first(name).filter(value -> !value.isBlank());
  }
}
