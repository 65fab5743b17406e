package io.weir.schemas;

/**
 * The Confluent wire format: a zero byte, the schema's id as four bytes, most significant first,
 * and the Avro binary.
 */
final class WireFormat {
  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  private WireFormat() {}

  static void putHeader(byte[] target, int id) {
    target[0] = MAGIC;
    target[1] = (byte) (id >>> 24);
    target[2] = (byte) (id >>> 16);
    target[3] = (byte) (id >>> 8);
    target[4] = (byte) id;
  }

  static int id(byte[] source, int offset) {
    return (source[offset + 1] & 0xff) << 24
        | (source[offset + 2] & 0xff) << 16
        | (source[offset + 3] & 0xff) << 8
        | (source[offset + 4] & 0xff);
  }
}
