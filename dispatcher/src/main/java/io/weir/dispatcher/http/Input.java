package io.weir.dispatcher.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A connection's bytes, buffered, read by line or by slice. */
final class Input {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  Input(InputStream in) {
    this.in = in;
  }

  byte[] array() {
    return buffer;
  }

  int position() {
    return position;
  }

  int available() {
    return limit - position;
  }

  void skip(int bytes) {
    position += bytes;
  }

  /** Waits until a byte is there; false at the end of the connection. */
  boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    position = 0;
    limit = 0;
    int read = in.read(buffer, 0, buffer.length);
    limit = Math.max(0, read);
    return read > 0;
  }

  /**
   * The next line, without its end.
   *
   * @param longest most bytes of a line, at most the buffer's
   * @throws BadAnswerException if it is longer
   * @throws EOFException if the connection ends before it does
   */
  String line(int longest) throws IOException {
    int scanned = 0;
    while (true) {
      for (int i = position + scanned; i < limit; i++) {
        if (buffer[i] == '\n') {
          int end = i > position && buffer[i - 1] == '\r' ? i - 1 : i;
          String line = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
          position = i + 1;
          return line;
        }
      }
      scanned = limit - position;
      if (scanned >= longest) {
        throw new BadAnswerException("a line of the header is longer than " + longest + " bytes");
      }
      more();
    }
  }

  private void more() throws IOException {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= position;
      position = 0;
    }
    int read = in.read(buffer, limit, buffer.length - limit);
    if (read <= 0) {
      throw new EOFException("the connection ended within a header");
    }
    limit += read;
  }
}
