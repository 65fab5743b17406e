package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import java.util.Optional;

/** Ids of OpenAI's Responses API: a request's own behind a prefix, so that nobody keeps a table. */
final class ResponseIds {
  private static final String PREFIX = "resp_";

  private ResponseIds() {}

  static String of(String requestId) {
    return PREFIX + requestId;
  }

  /** The request of a response; empty if this is no response's id. */
  static Optional<String> request(String responseId) {
    if (!responseId.startsWith(PREFIX)) {
      return Optional.empty();
    }
    return Optional.of(responseId.substring(PREFIX.length())).filter(Ulid::isValid);
  }
}
