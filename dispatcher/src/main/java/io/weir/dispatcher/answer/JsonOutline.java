package io.weir.dispatcher.answer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Follows a JSON text byte by byte without decoding it: whether it is an object or array that is
 * closed again, and the raw value of the top-level {@code usage}. The last one counts. Strings and
 * nesting are followed exactly; that what lies between is well-formed is not checked.
 */
final class JsonOutline {
  private static final byte[] KEY = "usage".getBytes(StandardCharsets.US_ASCII);

  /** OpenAI's is under 500 bytes; what is longer is not kept. */
  private static final int LONGEST_USAGE = 16 * 1024;

  private enum Capture {
    NO,
    AWAITING_COLON,
    AWAITING_VALUE,
    VALUE
  }

  private final ByteArrayOutputStream usage = new ByteArrayOutputStream(0);
  private Capture capture = Capture.NO;
  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean begun;
  private boolean closed;
  private boolean broken;
  private int keyMatched;

  void accept(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      step(bytes[i]);
    }
  }

  /** False once the text is surely not one JSON object or array. */
  boolean plausible() {
    return !broken;
  }

  /** True if the text was one JSON object or array, closed. */
  boolean complete() {
    return closed && !broken;
  }

  /** The top-level {@code usage} object's text, if there was one. */
  Optional<byte[]> usage() {
    byte[] found = usage.toByteArray();
    return found.length == 0 || capture == Capture.VALUE || found.length > LONGEST_USAGE
        ? Optional.empty()
        : Optional.of(found);
  }

  private void step(byte value) {
    if (inString) {
      inString(value);
      keep(value);
      return;
    }
    switch (value) {
      case ' ', '\t', '\r', '\n' -> keep(value);
      case '"' -> {
        inString = true;
        stopAwaiting();
        keyMatched = depth == 1 && capture == Capture.NO ? 0 : -1;
        broken |= depth == 0;
        keep(value);
      }
      case '{', '[' -> {
        broken |= closed;
        begun = true;
        depth++;
        if (capture == Capture.AWAITING_VALUE && value == '{') {
          capture = Capture.VALUE;
          usage.reset();
        } else if (capture != Capture.VALUE) {
          capture = Capture.NO;
        }
        keep(value);
      }
      case '}', ']' -> {
        depth--;
        keep(value);
        if (capture == Capture.VALUE && depth == 1) {
          capture = Capture.NO;
        }
        broken |= depth < 0;
        closed = depth == 0;
      }
      case ':' -> {
        if (capture == Capture.AWAITING_COLON) {
          capture = Capture.AWAITING_VALUE;
        }
        keep(value);
      }
      default -> {
        broken |= !begun || closed;
        stopAwaiting();
        keep(value);
      }
    }
  }

  /** What came is not a colon or an object: it was another key, or a string that looks like one. */
  private void stopAwaiting() {
    if (capture != Capture.VALUE) {
      capture = Capture.NO;
    }
  }

  private void inString(byte value) {
    if (escaped) {
      escaped = false;
      keyMatched = -1;
    } else if (value == '\\') {
      escaped = true;
      keyMatched = -1;
    } else if (value == '"') {
      inString = false;
      if (keyMatched == KEY.length) {
        capture = Capture.AWAITING_COLON;
      }
      keyMatched = -1;
    } else if (keyMatched >= 0) {
      keyMatched = keyMatched < KEY.length && KEY[keyMatched] == value ? keyMatched + 1 : -1;
    }
  }

  private void keep(byte value) {
    if (capture == Capture.VALUE && usage.size() <= LONGEST_USAGE) {
      usage.write(value);
    }
  }

  /** The top-level usage object of one complete JSON text. */
  static Optional<byte[]> usageOf(byte[] bytes, int from, int to) {
    JsonOutline outline = new JsonOutline();
    outline.accept(bytes, from, to - from);
    return outline.complete() ? outline.usage() : Optional.empty();
  }
}
