package io.weir.launcher.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The {@code data:} lines of a server-sent event stream, read without making strings: a load
 * generator shares its machine with what it measures. Events of several data lines, which no OpenAI
 * endpoint sends, are read as several events.
 */
final class EventStream {
  private static final int MAX_LINE = 16 << 20;

  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /** Members whose non-empty string value is a piece of the answer. */
  private static final byte[][] TEXT_KEYS =
      Arrays.stream(new String[] {"content", "text", "reasoning_content", "reasoning", "arguments"})
          .map(key -> key.getBytes(StandardCharsets.US_ASCII))
          .toArray(byte[][]::new);

  private final InputStream in;
  private byte[] buffer = new byte[8192];
  private int lineStart;
  private int scanned;
  private int end;
  private int dataStart;
  private int dataEnd;

  EventStream(InputStream in) {
    this.in = in;
  }

  /**
   * Goes to the next data line.
   *
   * @return false at the end of the stream
   * @throws EOFException if one line is longer than 16 MiB
   */
  boolean next() throws IOException {
    while (true) {
      int newline = newline();
      if (newline < 0) {
        return false;
      }
      int start = lineStart;
      int stop = newline > start && buffer[newline - 1] == '\r' ? newline - 1 : newline;
      lineStart = newline + 1;
      scanned = lineStart;
      if (startsWith(start, stop, DATA)) {
        dataStart = start + DATA.length;
        if (dataStart < stop && buffer[dataStart] == ' ') {
          dataStart++;
        }
        dataEnd = stop;
        return true;
      }
    }
  }

  /** Whether the data is the sentinel that ends an answer. */
  boolean done() {
    return dataEnd - dataStart == DONE.length && startsWith(dataStart, dataEnd, DONE);
  }

  /** The data as text. */
  String data() {
    return new String(buffer, dataStart, dataEnd - dataStart, StandardCharsets.UTF_8);
  }

  /** Whether the data holds a piece of the answer, not only a role, a finish reason or usage. */
  boolean hasText() {
    for (int i = dataStart + 1; i < dataEnd - 2; i++) {
      if (buffer[i] == ':' && buffer[i - 1] == '"') {
        int value = buffer[i + 1] == ' ' ? i + 2 : i + 1;
        if (value + 1 < dataEnd && buffer[value] == '"' && buffer[value + 1] != '"' && textKey(i)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the data mentions a member of this name. */
  boolean mentions(byte[] quotedName) {
    for (int i = dataStart; i <= dataEnd - quotedName.length; i++) {
      if (startsWith(i, dataEnd, quotedName)) {
        return true;
      }
    }
    return false;
  }

  private boolean textKey(int colon) {
    for (byte[] key : TEXT_KEYS) {
      int start = colon - 1 - key.length;
      if (start > dataStart && buffer[start - 1] == '"' && startsWith(start, dataEnd, key)) {
        return true;
      }
    }
    return false;
  }

  private boolean startsWith(int start, int stop, byte[] prefix) {
    return stop - start >= prefix.length
        && Arrays.equals(buffer, start, start + prefix.length, prefix, 0, prefix.length);
  }

  private int newline() throws IOException {
    while (true) {
      for (; scanned < end; scanned++) {
        if (buffer[scanned] == '\n') {
          return scanned;
        }
      }
      makeRoom();
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        return -1;
      }
      end += read;
    }
  }

  private void makeRoom() throws EOFException {
    if (lineStart > 0) {
      System.arraycopy(buffer, lineStart, buffer, 0, end - lineStart);
      end -= lineStart;
      scanned -= lineStart;
      lineStart = 0;
    }
    if (end == buffer.length) {
      if (buffer.length >= MAX_LINE) {
        throw new EOFException("an event is longer than " + MAX_LINE + " bytes");
      }
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
  }
}
