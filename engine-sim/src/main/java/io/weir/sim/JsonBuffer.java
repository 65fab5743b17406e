package io.weir.sim;

import io.weir.routing.engine.SimText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** JSON put together as bytes, with no tree in between. */
final class JsonBuffer {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private byte[] bytes;
  private int length;

  JsonBuffer(int expectedBytes) {
    bytes = new byte[Math.max(64, expectedBytes)];
  }

  /** Text that is JSON already; ASCII only. */
  JsonBuffer raw(String ascii) {
    int count = ascii.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[length + i] = (byte) ascii.charAt(i);
    }
    length += count;
    return this;
  }

  JsonBuffer raw(byte[] utf8) {
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
    return this;
  }

  JsonBuffer number(long value) {
    return raw(Long.toString(value));
  }

  /** A JSON string. */
  JsonBuffer quoted(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (c < ' ') {
        escaped.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
      } else {
        escaped.append(c);
      }
    }
    return raw(escaped.append('"').toString().getBytes(StandardCharsets.UTF_8));
  }

  JsonBuffer quotedOrNull(Optional<String> text) {
    return text.map(this::quoted).orElseGet(() -> raw("null"));
  }

  /** Tokens of an answer, from the first up to but without the last index. */
  JsonBuffer tokens(long fingerprint, int from, int to) {
    reserve(Math.multiplyExact(to - from, SimText.MAX_TOKEN_BYTES));
    for (int k = from; k < to; k++) {
      length = SimText.write(fingerprint, k, bytes, length);
    }
    return this;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
    }
  }
}
