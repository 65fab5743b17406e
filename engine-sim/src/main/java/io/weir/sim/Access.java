package io.weir.sim;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.weir.routing.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Lets requests in that carry the engine's key, or all if it has none. */
final class Access {
  private final Optional<byte[]> expected;

  Access(Optional<Secret> apiKey) {
    expected = apiKey.map(secret -> ("Bearer " + secret.value()).getBytes(StandardCharsets.UTF_8));
  }

  /** Throws 401 unless the request may pass. */
  void check(ServerRequest request) {
    if (expected.isEmpty()) {
      return;
    }
    String given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
    // Takes as long for a wrong key as for the right one.
    if (!MessageDigest.isEqual(expected.get(), given.getBytes(StandardCharsets.UTF_8))) {
      throw ApiException.of(
          401,
          "invalid_request_error",
          "invalid_api_key",
          "Unauthorized: send this engine's key as 'Authorization: Bearer <key>'");
    }
  }
}
