package io.weir.schemas;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Decodes one record from an array. Byte fields are slices of that array where this does not pin
 * much more memory than the field itself; every length is checked against what is there, so that a
 * corrupt record cannot ask for a large allocation.
 */
final class RecordDecoder extends Decoder {
  /** A slice keeps its whole array alive: it must be at least one part in this many of it. */
  private static final int MAX_PINNED = 4;

  private final byte[] array;
  private final int limit;
  private int position;

  RecordDecoder(byte[] array, int offset, int length) {
    this.array = array;
    this.position = offset;
    this.limit = offset + length;
  }

  /** How many bytes have not been read. */
  int remaining() {
    return limit - position;
  }

  @Override
  public void readNull() {
    // Null takes no bytes.
  }

  @Override
  public boolean readBoolean() throws IOException {
    return next() != 0;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException("an int is out of range: " + value);
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long bits = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte part = next();
      bits |= (part & 0x7fL) << shift;
      if (part >= 0) {
        // Zigzag: the sign is the lowest bit.
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new IOException("a number takes more than ten bytes");
  }

  @Override
  public float readFloat() throws IOException {
    return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
  }

  @Override
  public double readDouble() throws IOException {
    return Double.longBitsToDouble(littleEndian(Double.BYTES));
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return new Utf8(readString());
  }

  @Override
  public String readString() throws IOException {
    int length = length();
    String value = new String(array, position, length, StandardCharsets.UTF_8);
    position += length;
    return value;
  }

  @Override
  public void skipString() throws IOException {
    int length = length();
    position += length;
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    int length = length();
    int start = position;
    position += length;
    if ((long) length * MAX_PINNED >= array.length) {
      return ByteBuffer.wrap(array, start, length).slice();
    }
    byte[] copy = new byte[length];
    System.arraycopy(array, start, copy, 0, length);
    return ByteBuffer.wrap(copy);
  }

  @Override
  public void skipBytes() throws IOException {
    int length = length();
    position += length;
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    require(length);
    System.arraycopy(array, position, bytes, start, length);
    position += length;
  }

  @Override
  public void skipFixed(int length) throws IOException {
    require(length);
    position += length;
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return itemCount();
  }

  @Override
  public long arrayNext() throws IOException {
    return itemCount();
  }

  @Override
  public long skipArray() throws IOException {
    return skipBlocks();
  }

  @Override
  public long readMapStart() throws IOException {
    return itemCount();
  }

  @Override
  public long mapNext() throws IOException {
    return itemCount();
  }

  @Override
  public long skipMap() throws IOException {
    return skipBlocks();
  }

  /** Items in the next block; a negative count is followed by the block's size in bytes. */
  private long itemCount() throws IOException {
    long count = readLong();
    if (count < 0) {
      count = -count;
      readLong();
    }
    if (count < 0 || count > remaining()) {
      throw new EOFException(
          "a list claims %d items where %d bytes are left".formatted(count, remaining()));
    }
    return count;
  }

  /** Skips blocks that say their size; returns the items of the first that does not. */
  private long skipBlocks() throws IOException {
    long count = readLong();
    while (count < 0) {
      long bytes = readLong();
      require(bytes);
      position += (int) bytes;
      count = readLong();
    }
    return count;
  }

  private int length() throws IOException {
    long length = readLong();
    require(length);
    return (int) length;
  }

  private void require(long bytes) throws IOException {
    if (bytes < 0) {
      throw new AvroRuntimeException("a length is negative: " + bytes);
    }
    if (bytes > remaining()) {
      throw new EOFException(
          "a field of %d bytes begins where %d bytes are left".formatted(bytes, remaining()));
    }
  }

  private byte next() throws IOException {
    require(1);
    return array[position++];
  }

  private long littleEndian(int bytes) throws IOException {
    require(bytes);
    long bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits |= (array[position++] & 0xffL) << (8 * i);
    }
    return bits;
  }
}
