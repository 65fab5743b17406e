package io.weir.dispatcher.answer;

import io.weir.schemas.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What Weir must know of a stream's events: how many carry data, whether the last one came, and the
 * last usage. Looks for two byte patterns and parses nothing but a usage that was found.
 */
final class EventReader {
  private static final byte[] DATA = ascii("data:");
  private static final byte[] DONE = ascii("[DONE]");
  private static final byte[] USAGE = ascii("\"usage\"");

  private int dataEvents;
  private boolean done;
  private final Optional<GeneratedText> text;
  private Optional<byte[]> usage = Optional.empty();

  /**
   * Nothing read yet.
   *
   * @param text what takes note of the text, if it may be wanted
   */
  EventReader(Optional<GeneratedText> text) {
    this.text = text;
  }

  /** What one event was. */
  enum Kind {
    /** A comment, or fields without data: keeps the connection alive and says nothing. */
    OTHER,
    /** A piece of the answer. */
    DATA,
    /** The mark after the last piece. */
    DONE
  }

  Kind accept(byte[] bytes, int from, int to) {
    int data = dataLine(bytes, from, to);
    if (data < 0) {
      return Kind.OTHER;
    }
    int value = data + DATA.length;
    if (value < to && bytes[value] == ' ') {
      value++;
    }
    if (startsWith(bytes, value, to, DONE)) {
      done = true;
      return Kind.DONE;
    }
    dataEvents++;
    if (text.isPresent()) {
      text.get().accept(bytes, value, lineEnd(bytes, value, to));
    }
    if (indexOf(bytes, value, to, USAGE) >= 0) {
      usage = JsonOutline.usageOf(bytes, value, lineEnd(bytes, value, to)).or(() -> usage);
    }
    return Kind.DATA;
  }

  int dataEvents() {
    return dataEvents;
  }

  boolean done() {
    return done;
  }

  /** The last usage the stream gave; without one, its events are counted as tokens. */
  TokenUsage usage(int promptTokens) {
    return usage
        .flatMap(UsageJson::read)
        .orElseGet(() -> new TokenUsage(promptTokens, dataEvents, null, true));
  }

  private static int lineEnd(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    return end;
  }

  private static int dataLine(byte[] bytes, int from, int to) {
    int line = from;
    while (line < to) {
      if (startsWith(bytes, line, to, DATA)) {
        return line;
      }
      while (line < to && bytes[line] != '\n' && bytes[line] != '\r') {
        line++;
      }
      while (line < to && (bytes[line] == '\n' || bytes[line] == '\r')) {
        line++;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] pattern) {
    if (to - from < pattern.length) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (bytes[from + i] != pattern[i]) {
        return false;
      }
    }
    return true;
  }

  private static int indexOf(byte[] bytes, int from, int to, byte[] pattern) {
    for (int i = from; i <= to - pattern.length; i++) {
      if (bytes[i] == pattern[0] && startsWith(bytes, i, to, pattern)) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
