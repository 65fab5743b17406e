package io.weir.ingress;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.connection.ClientConnection;

/** Whole responses, and the names of Weir's headers. */
final class Responses {
  static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");
  static final HeaderName ENGINE = HeaderNames.create("x-weir-engine");
  static final HeaderName ATTEMPTS = HeaderNames.create("x-weir-attempts");
  static final HeaderName QUEUE_MS = HeaderNames.create("x-weir-queue-ms");
  static final HeaderName WEIGHTS_VERSION = HeaderNames.create("x-weir-weights-version");
  static final HeaderName WEIGHTS_STALE = HeaderNames.create("x-weir-weights-stale");
  static final HeaderName RETRY_AFTER_MS = HeaderNames.create("retry-after-ms");
  static final HeaderName DEADLINE_MS = HeaderNames.create("x-weir-deadline-ms");
  static final HeaderName SESSION = HeaderNames.create("x-weir-session");
  static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
  static final HeaderName RESUME = HeaderNames.create("x-weir-resume");
  static final HeaderName CALLBACK = HeaderNames.create("x-weir-callback");
  static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
  static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
  static final HeaderName PREFER = HeaderNames.create("Prefer");
  static final HeaderName PREFERENCE_APPLIED = HeaderNames.create("Preference-Applied");
  static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private static final int HEADERS_TOO_LARGE = 431;
  private static final long MILLIS_PER_SECOND = 1_000;

  private Responses() {}

  /** Sends JSON with status 200. */
  static void json(ServerRequest request, ServerResponse response, byte[] body) {
    send(request, response.header(JSON), body);
  }

  /** Sends a body, or only its length to who asked for no more: HEAD (RFC 9110, 9.3.2). */
  static void send(ServerRequest request, ServerResponse response, byte[] body) {
    if (request.prologue().method().equals(Method.HEAD)) {
      response.headers().set(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
      response.send();
    } else {
      response.send(body);
    }
  }

  /** Sends an error. */
  static void error(ServerResponse response, ApiError error, String requestId) {
    response.send(errorHead(response, error, requestId));
  }

  /** Sets status and headers; the body is returned. */
  private static byte[] errorHead(ServerResponse response, ApiError error, String requestId) {
    response.status(status(error.status())).header(JSON);
    response.headers().set(REQUEST_ID, requestId);
    error
        .weir()
        .retryAfterMillis()
        .ifPresent(
            millis -> {
              response.headers().set(RETRY_AFTER_MS, Long.toString(millis));
              response.headers().set(HeaderNames.RETRY_AFTER, seconds(millis));
            });
    return ErrorJson.of(error, requestId);
  }

  /**
   * Sends an error to a request that may not have been read to its end.
   *
   * @throws CloseConnectionException if it was not, for the rest is not worth reading
   */
  static void refuse(
      ApiError error, String requestId, ServerRequest request, ServerResponse response) {
    boolean unread = !request.content().consumed();
    if (unread) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    send(request, response, errorHead(response, error, requestId));
    if (unread) {
      ClientConnection.current().linger();
      throw new CloseConnectionException("A request was refused before it was read");
    }
  }

  /** A status with its reason phrase, also where Helidon knows none. */
  static Status status(int code) {
    return code == HEADERS_TOO_LARGE
        ? Status.create(code, "Request Header Fields Too Large")
        : Status.create(code);
  }

  /** Milliseconds in the whole seconds of Retry-After, never too few. */
  static String seconds(long millis) {
    return Long.toString((millis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND);
  }
}
