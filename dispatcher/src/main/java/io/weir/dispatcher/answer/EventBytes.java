package io.weir.dispatcher.answer;

import java.nio.charset.StandardCharsets;

/** Finds lines and patterns in the bytes of one server-sent event. */
final class EventBytes {
  private static final byte[] DATA = ascii("data:");
  private static final byte[] DONE = ascii("[DONE]");

  private EventBytes() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Where the value of the first data field begins; -1 if there is none. */
  static int data(byte[] bytes, int from, int to) {
    return field(DATA, bytes, from, to);
  }

  /** Where the value of a field begins, whose name is given with its colon; -1 without one. */
  static int field(byte[] name, byte[] bytes, int from, int to) {
    int line = from;
    while (line < to) {
      if (startsWith(bytes, line, to, name)) {
        int value = line + name.length;
        return value < to && bytes[value] == ' ' ? value + 1 : value;
      }
      line = lineEnd(bytes, line, to);
      while (line < to && (bytes[line] == '\n' || bytes[line] == '\r')) {
        line++;
      }
    }
    return -1;
  }

  /** True if a data field's value is the mark after the last piece. */
  static boolean isDone(byte[] bytes, int value, int to) {
    return startsWith(bytes, value, to, DONE);
  }

  static int lineEnd(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    return end;
  }

  static int indexOf(byte[] bytes, int from, int to, byte[] pattern) {
    for (int i = from; i <= to - pattern.length; i++) {
      if (bytes[i] == pattern[0] && startsWith(bytes, i, to, pattern)) {
        return i;
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
}
