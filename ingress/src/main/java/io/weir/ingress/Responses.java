package io.weir.ingress;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
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
  static final HeaderName RETRY_AFTER_MS = HeaderNames.create("retry-after-ms");
  static final HeaderName DEADLINE_MS = HeaderNames.create("x-weir-deadline-ms");
  static final HeaderName SESSION = HeaderNames.create("x-weir-session");
  static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
  static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private static final long MILLIS_PER_SECOND = 1_000;

  private Responses() {}

  /** Sends JSON with status 200. */
  static void json(ServerResponse response, byte[] body) {
    response.header(JSON).send(body);
  }

  /** Sends an error. */
  static void error(ServerResponse response, ApiError error, String requestId) {
    response.status(Status.create(error.status())).header(JSON);
    response.headers().set(REQUEST_ID, requestId);
    error
        .weir()
        .retryAfterMillis()
        .ifPresent(
            millis -> {
              response.headers().set(RETRY_AFTER_MS, Long.toString(millis));
              response.headers().set(HeaderNames.RETRY_AFTER, seconds(millis));
            });
    response.send(ErrorJson.of(error, requestId));
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
    error(response, error, requestId);
    if (unread) {
      ClientConnection.current().linger();
      throw new CloseConnectionException("A request was refused before it was read");
    }
  }

  /** Milliseconds in the whole seconds of Retry-After, never too few. */
  static String seconds(long millis) {
    return Long.toString((millis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND);
  }
}
