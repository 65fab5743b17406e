package io.weir.dispatcher.answer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes to a JSON text at places that a parser has found; everything else stays as it is. */
final class Splices {
  private final List<Splice> splices = new ArrayList<>();

  private record Splice(int from, int to, String by) {}

  /** Puts something in place of the bytes from one offset to another. */
  void put(long from, long to, String by) {
    splices.add(new Splice((int) from, (int) to, by));
  }

  /** The text with all changes; offsets are counted from the given one. */
  byte[] apply(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64);
    int at = 0;
    splices.sort(Comparator.comparingInt(Splice::from));
    for (Splice splice : splices) {
      out.write(bytes, offset + at, splice.from() - at);
      out.writeBytes(splice.by().getBytes(StandardCharsets.UTF_8));
      at = splice.to();
    }
    out.write(bytes, offset + at, length - at);
    return out.toByteArray();
  }
}
