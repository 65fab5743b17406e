package io.weir.dispatcher.http;

import io.weir.dispatcher.http.HeaderReader.Framing;
import java.io.EOFException;
import java.io.IOException;

/** Gives a body out as slices of the connection's buffer, without its framing (RFC 9112 §6, §7). */
final class BodyReader {
  private static final int LONGEST_LINE = 1024;
  private static final int MOST_TRAILERS = 64;

  private final Input input;
  private final Framing framing;
  private long remaining;
  private boolean firstChunk = true;
  private boolean finished;
  private int given;

  BodyReader(Input input, Framing framing) {
    this.input = input;
    this.framing = framing;
    this.remaining = framing instanceof Framing.Length(long bytes) ? bytes : 0;
  }

  boolean finished() {
    return finished;
  }

  /**
   * Waits for more of the body and lets go of the slice given before.
   *
   * @return the slice's length in bytes, or -1 at the end; it begins at the input's position
   * @throws EOFException if the connection ends before the body does
   */
  int next() throws IOException {
    input.skip(given);
    given = 0;
    if (finished) {
      return -1;
    }
    switch (framing) {
      case Framing.UntilClose() -> {
        if (!input.fill()) {
          finished = true;
          return -1;
        }
        given = input.available();
        return given;
      }
      case Framing.Chunked() -> {
        if (remaining == 0 && !nextChunk()) {
          finished = true;
          return -1;
        }
      }
      case Framing.Length(long bytes) -> {
        if (remaining == 0) {
          finished = true;
          return -1;
        }
      }
    }
    if (!input.fill()) {
      throw new EOFException("the connection ended within the answer");
    }
    given = (int) Math.min(remaining, input.available());
    remaining -= given;
    return given;
  }

  private boolean nextChunk() throws IOException {
    if (!firstChunk && !input.line(LONGEST_LINE).isEmpty()) {
      throw new BadAnswerException("a chunk is longer than its size");
    }
    firstChunk = false;
    String line = input.line(LONGEST_LINE);
    int semicolon = line.indexOf(';');
    String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
    try {
      // Fifteen digits cannot overflow.
      if (size.length() > 15 || size.startsWith("+") || size.startsWith("-")) {
        throw new NumberFormatException(size);
      }
      remaining = Long.parseLong(size, 16);
    } catch (NumberFormatException notANumber) {
      throw new BadAnswerException("a chunk's size is not a number");
    }
    if (remaining > 0) {
      return true;
    }
    for (int trailers = 0; trailers < MOST_TRAILERS; trailers++) {
      if (input.line(LONGEST_LINE).isEmpty()) {
        return false;
      }
    }
    throw new BadAnswerException("the answer has more than " + MOST_TRAILERS + " trailers");
  }
}
