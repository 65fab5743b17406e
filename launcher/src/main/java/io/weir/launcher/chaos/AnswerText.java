package io.weir.launcher.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * What a client has of one answer, over however many connections: every event must follow the one
 * before it, and the text must be the beginning of the only right answer.
 */
final class AnswerText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DONE = "[DONE]";

  private final String expected;
  private final StringBuilder text = new StringBuilder();
  private long events;
  private Optional<String> lastId = Optional.empty();
  private Optional<String> problem = Optional.empty();
  private Optional<String> error = Optional.empty();
  private boolean done;

  AnswerText(ChaosRequest request) {
    this.expected = request.answer();
  }

  /** An answer in one piece. */
  static Outcome whole(ChaosRequest request, JsonNode body) {
    AnswerText answer = new AnswerText(request);
    answer.text.append(body.path("choices").path(0).path("message").path("content").asText(""));
    answer.done = true;
    return answer.outcome();
  }

  /**
   * One server-sent event.
   *
   * @param id empty if it had none
   */
  void event(String id, String data) {
    follow(id);
    if (data.equals(DONE)) {
      done = true;
      return;
    }
    try {
      JsonNode json = JSON.readTree(data);
      JsonNode failure = json.path("error");
      if (failure.isObject()) {
        error = Optional.of(Replies.reason(json));
        return;
      }
      text.append(json.path("choices").path(0).path("delta").path("content").asText(""));
    } catch (JsonProcessingException e) {
      fail("an event is not JSON: " + shortened(data));
    }
    if (!expected.startsWith(text.toString())) {
      fail("wrong text after event " + events + ": " + shortened(tail()));
    }
  }

  private void follow(String id) {
    int dot = id.lastIndexOf('.');
    if (dot < 0) {
      return;
    }
    long seq = Long.parseLong(id.substring(dot + 1));
    if (seq != events) {
      fail("event %s came where %d was due".formatted(id, events));
    }
    events++;
    lastId = Optional.of(id);
  }

  private void fail(String what) {
    if (problem.isEmpty()) {
      problem = Optional.of(what);
    }
  }

  /** How many events with an id came. */
  long events() {
    return events;
  }

  /** Where a client would take it up. */
  Optional<String> lastId() {
    return lastId;
  }

  /** True if nothing more can come. */
  boolean ended() {
    return done || error.isPresent() || problem.isPresent();
  }

  /** What the client has in the end; a stream that simply stops was disconnected. */
  Outcome outcome() {
    if (problem.isPresent()) {
      return new Outcome.Wrong(problem.get());
    }
    if (!expected.startsWith(text.toString())) {
      return new Outcome.Wrong("wrong text: " + shortened(tail()));
    }
    if (error.isPresent()) {
      return new Outcome.Interrupted(error.get());
    }
    if (!done) {
      return new Outcome.Disconnected();
    }
    return expected.contentEquals(text)
        ? new Outcome.Answered()
        : new Outcome.Wrong("only %d of %d characters".formatted(text.length(), expected.length()));
  }

  private String tail() {
    return text.substring(Math.max(0, text.length() - 60));
  }

  private static String shortened(String data) {
    return data.length() <= 80 ? data : data.substring(0, 80);
  }
}
