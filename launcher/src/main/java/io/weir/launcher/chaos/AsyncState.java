package io.weir.launcher.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Reads what {@code GET /v1/requests/{id}} says. */
final class AsyncState {
  private static final Set<String> WAITING = Set.of("queued", "in_progress", "cancelling");

  private AsyncState() {}

  static boolean isOver(JsonNode state) {
    return !WAITING.contains(state.path("status").asText());
  }

  /** The outcome of a request that is over. */
  static Outcome outcome(ChaosRequest request, JsonNode state) {
    JsonNode answer = state.path("response");
    JsonNode body = answer.has("body") ? answer.path("body") : answer;
    if (body.has("choices")) {
      return AnswerText.whole(request, body);
    }
    JsonNode failed = state.has("error") ? state : body;
    return new Outcome.Interrupted(Replies.reason(failed));
  }
}
