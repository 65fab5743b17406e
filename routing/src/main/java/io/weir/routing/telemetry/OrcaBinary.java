package io.weir.routing.telemetry;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * ORCA's binary format: an {@code OrcaLoadReport} as protocol buffer, in base 64. Its fields are
 * doubles and maps of doubles, so a few lines read it.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol buffers: Encoding</a>
 */
final class OrcaBinary {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private static final Map<Integer, String> DOUBLES =
      Map.of(
          1, "cpu_utilization",
          2, "mem_utilization",
          6, "rps_fractional",
          7, "eps",
          9, "application_utilization");
  private static final Map<Integer, String> MAPS =
      Map.of(4, "request_cost.", 5, "utilization.", 8, "named_metrics.");

  private OrcaBinary() {}

  static Map<String, Double> parse(String report) {
    Map<String, Double> values = new HashMap<>();
    try {
      ByteBuffer in =
          ByteBuffer.wrap(Base64.getDecoder().decode(report)).order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining()) {
        field(in, values);
      }
      return values;
    } catch (IllegalArgumentException | BufferUnderflowException notSuchABuffer) {
      // A report that breaks off says nothing that could be relied on.
      return new HashMap<>();
    }
  }

  private static void field(ByteBuffer in, Map<String, Double> values) {
    long tag = varint(in);
    int number = (int) (tag >>> 3);
    int type = (int) (tag & 7);
    if (type == FIXED64 && DOUBLES.containsKey(number)) {
      values.put(DOUBLES.get(number), in.getDouble());
    } else if (type == BYTES && MAPS.containsKey(number)) {
      entry(bytes(in), MAPS.get(number), values);
    } else {
      skip(in, type);
    }
  }

  /** One entry of a map: key 1, a string; value 2, a double, 0 where it is left out. */
  private static void entry(ByteBuffer in, String prefix, Map<String, Double> values) {
    String key = "";
    double value = 0;
    while (in.hasRemaining()) {
      long tag = varint(in);
      if (tag == (1 << 3 | BYTES)) {
        key = StandardCharsets.UTF_8.decode(bytes(in)).toString();
      } else if (tag == (2 << 3 | FIXED64)) {
        value = in.getDouble();
      } else {
        skip(in, (int) (tag & 7));
      }
    }
    values.put(prefix + key, value);
  }

  private static void skip(ByteBuffer in, int type) {
    switch (type) {
      case VARINT -> varint(in);
      case FIXED64 -> in.getLong();
      case BYTES -> bytes(in);
      case FIXED32 -> in.getInt();
      default -> throw new IllegalArgumentException("No such wire type: " + type);
    }
  }

  private static ByteBuffer bytes(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return part;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("A varint of more than ten bytes.");
  }
}
