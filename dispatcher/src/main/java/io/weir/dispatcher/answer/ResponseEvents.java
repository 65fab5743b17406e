package io.weir.dispatcher.answer;

import io.weir.schemas.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the stream of a response (OpenAI's Responses API): typed events, of which the deltas carry
 * the answer and the last one the whole response with its usage. No mark follows that one, and if
 * one does it is not waited for.
 *
 * <p>Engines open the stream before they have computed the prompt. What only opens it does not
 * count as the answer's beginning: until the first token another engine can still be asked.
 */
final class ResponseEvents implements EventReader {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseEvents.class);
  private static final byte[] EVENT = EventBytes.ascii("event:");
  private static final ResponseFields AS_IT_IS = ResponseFields.untouched();

  /** An opening that echoes a long request is not held back. */
  private static final int LONGEST_OPENING = 64 * 1024;

  private static final Set<String> OPENING =
      Set.of(
          "response.created",
          "response.queued",
          "response.in_progress",
          "response.output_item.added",
          "response.content_part.added",
          "response.reasoning_part.added",
          "response.reasoning_summary_part.added");

  private static final Set<String> LAST =
      Set.of("response.completed", "response.incomplete", "response.failed", "error");

  private int tokens;
  private long openingBytes;
  private boolean begun;
  private Optional<TokenUsage> usage = Optional.empty();

  @Override
  public Kind accept(byte[] bytes, int from, int to) {
    int data = EventBytes.data(bytes, from, to);
    if (data < 0) {
      return Kind.OTHER;
    }
    if (EventBytes.isDone(bytes, data, to)) {
      return Kind.DONE;
    }
    String type = type(bytes, from, data, to);
    if (LAST.contains(type)) {
      usage = parse(bytes, data, to).flatMap(ResponseEvents::usage);
      return Kind.DONE;
    }
    if (!begun && OPENING.contains(type)) {
      openingBytes += to - from;
      return openingBytes > LONGEST_OPENING ? Kind.DATA : Kind.OTHER;
    }
    begun = true;
    if (type.endsWith(".delta")) {
      tokens++;
    }
    return Kind.DATA;
  }

  private static String type(byte[] bytes, int from, int data, int to) {
    int name = EventBytes.field(EVENT, bytes, from, to);
    return name >= 0
        ? new String(
            bytes, name, EventBytes.lineEnd(bytes, name, to) - name, StandardCharsets.UTF_8)
        : parse(bytes, data, to).flatMap(ResponseEvent::type).orElse("");
  }

  private static Optional<ResponseEvent> parse(byte[] bytes, int data, int to) {
    try {
      return Optional.of(
          ResponseEvent.parse(bytes, data, EventBytes.lineEnd(bytes, data, to), AS_IT_IS));
    } catch (IOException notJson) {
      LOG.debug("an event cannot be read: {}", notJson.getClass().getSimpleName());
      return Optional.empty();
    }
  }

  private static Optional<TokenUsage> usage(ResponseEvent event) {
    return event.usage().map(ResponseEvent.UsageBytes::json).flatMap(UsageJson::read);
  }

  @Override
  public int dataEvents() {
    return tokens;
  }

  @Override
  public TokenUsage usage(int promptTokens) {
    return usage.orElseGet(() -> new TokenUsage(promptTokens, tokens, null, true));
  }
}
