package io.weir.routing.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a file that comes in parts into lines. Lines end with a line feed, maybe after a carriage
 * return; the last one need not. Belongs to one thread; holds one part and one line.
 */
public final class LineSplitter {
  private final Parts parts;
  private final int longest;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private ByteBuffer part = ByteBuffer.allocate(0);
  private boolean ended;
  private int number = -1;
  private int index = -1;

  /** Gives the parts of a file. */
  public interface Parts {
    /** The next one; empty at the end. */
    Optional<ByteBuffer> next() throws IOException;
  }

  /**
   * One line.
   *
   * @param number counts all lines from 0
   * @param index counts those that are not blank from 0
   * @param bytes without its end; of a line that is too long only a part
   * @param isTooLong if it is longer than lines may be
   */
  public record Line(int number, int index, ByteBuffer bytes, boolean isTooLong) {
    /** True if there is nothing but space in it. */
    public boolean isBlank() {
      for (int i = bytes.position(); i < bytes.limit(); i++) {
        if (bytes.get(i) > ' ' || bytes.get(i) < 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * @param longest line that is kept whole, in bytes
   */
  public LineSplitter(Parts parts, int longest) {
    this.parts = parts;
    this.longest = longest;
  }

  /**
   * The next line that is not blank; empty at the end.
   *
   * @throws IOException if a part cannot be read; trying again goes on from here
   */
  public Optional<Line> next() throws IOException {
    Optional<Line> line = anyLine();
    while (line.isPresent() && line.get().isBlank()) {
      line = anyLine();
    }
    if (line.isPresent()) {
      index++;
    }
    return line;
  }

  private Optional<Line> anyLine() throws IOException {
    while (true) {
      int end = feed();
      if (end >= 0) {
        keep(end - part.position());
        part.position(end + 1);
        return Optional.of(line());
      }
      keep(part.remaining());
      part.position(part.limit());
      if (ended) {
        return begun.size() > 0 ? Optional.of(line()) : Optional.empty();
      }
      Optional<ByteBuffer> more = parts.next();
      ended = more.isEmpty();
      part = more.map(ByteBuffer::duplicate).orElse(part);
    }
  }

  private int feed() {
    for (int i = part.position(); i < part.limit(); i++) {
      if (part.get(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** One byte more than the longest tells that it is too long. */
  private void keep(int length) {
    int kept = Math.min(length, longest + 1 - begun.size());
    if (kept > 0) {
      byte[] bytes = new byte[kept];
      part.get(part.position(), bytes);
      begun.writeBytes(bytes);
    }
  }

  private Line line() {
    byte[] bytes = begun.toByteArray();
    begun.reset();
    number++;
    boolean isTooLong = bytes.length > longest;
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      bytes = Arrays.copyOf(bytes, length - 1);
    }
    return new Line(number, index + 1, ByteBuffer.wrap(bytes), isTooLong);
  }
}
