package io.weir.dispatcher.answer;

import io.weir.schemas.TokenUsage;
import java.util.Optional;

/**
 * Reads the stream of a chat or a completion, which ends with {@code data: [DONE]}. Looks for two
 * byte patterns and parses nothing but a usage that was found.
 */
final class ChoiceEvents implements EventReader {
  private static final byte[] USAGE = EventBytes.ascii("\"usage\"");

  private int dataEvents;
  private final Optional<GeneratedText> text;
  private Optional<byte[]> usage = Optional.empty();

  /**
   * Nothing read yet.
   *
   * @param text what takes note of the text, if it may be wanted
   */
  ChoiceEvents(Optional<GeneratedText> text) {
    this.text = text;
  }

  @Override
  public Kind accept(byte[] bytes, int from, int to) {
    int value = EventBytes.data(bytes, from, to);
    if (value < 0) {
      return Kind.OTHER;
    }
    if (EventBytes.isDone(bytes, value, to)) {
      return Kind.DONE;
    }
    dataEvents++;
    int end = EventBytes.lineEnd(bytes, value, to);
    text.ifPresent(each -> each.accept(bytes, value, end));
    if (EventBytes.indexOf(bytes, value, to, USAGE) >= 0) {
      usage = JsonOutline.usageOf(bytes, value, end).or(() -> usage);
    }
    return Kind.DATA;
  }

  @Override
  public int dataEvents() {
    return dataEvents;
  }

  /** The last usage the stream gave; without one, its events are counted as tokens. */
  @Override
  public TokenUsage usage(int promptTokens) {
    return usage
        .flatMap(UsageJson::read)
        .orElseGet(() -> new TokenUsage(promptTokens, dataEvents, null, true));
  }
}
