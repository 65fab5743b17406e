package io.weir.sim;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * A complete answer.
 *
 * @param status HTTP status
 * @param contentType its media type
 * @param body its bytes
 * @param retryAfterSeconds value of {@code Retry-After}
 */
@SuppressWarnings("ArrayRecordComponent") // sent once and dropped
record Reply(int status, String contentType, byte[] body, OptionalLong retryAfterSeconds) {
  static Reply json(byte[] body) {
    return new Reply(200, "application/json", body, OptionalLong.empty());
  }

  static Reply text(int status, String body) {
    return new Reply(
        status,
        "text/plain; version=0.0.4; charset=utf-8",
        body.getBytes(StandardCharsets.UTF_8),
        OptionalLong.empty());
  }

  static Reply error(ApiException error) {
    return new Reply(error.status(), "application/json", error.body(), error.retryAfterSeconds());
  }

  void send(ServerResponse response) {
    if (status != 200) {
      response.status(Status.create(status));
    }
    retryAfterSeconds.ifPresent(
        seconds -> response.header(HeaderNames.RETRY_AFTER, Long.toString(seconds)));
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.send(body);
  }
}
