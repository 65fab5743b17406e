package io.weir.schemas;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;

/**
 * Encodes one record at a time into an array of exactly its size. Small values are gathered in a
 * scratch buffer; large byte fields are kept by reference until then, so that a body is copied
 * once.
 */
final class RecordEncoder extends BinaryEncoder {
  private static final int SCRATCH_BYTES = 1024;

  /** A scratch grown beyond this by one odd record is not kept. */
  private static final int MAX_KEPT_BYTES = 64 * 1024;

  /** Below this a second copy costs less than keeping a reference. */
  private static final int LARGE_BYTES = 512;

  private static final int MAX_NUMBER_BYTES = 10;

  private byte[] scratch = new byte[SCRATCH_BYTES];
  private int position;
  private int largeBytes;
  private final List<Large> large = new ArrayList<>();

  /** A field that belongs at this position of the scratch. */
  private record Large(int position, ByteBuffer bytes) {}

  /** The record written since the last call, with its header; the encoder is empty afterwards. */
  byte[] take(int id) {
    byte[] record = new byte[WireFormat.HEADER_BYTES + position + largeBytes];
    WireFormat.putHeader(record, id);
    int from = 0;
    int to = WireFormat.HEADER_BYTES;
    for (Large field : large) {
      int gathered = field.position() - from;
      System.arraycopy(scratch, from, record, to, gathered);
      from += gathered;
      to += gathered;
      int length = field.bytes().remaining();
      field.bytes().get(record, to, length);
      to += length;
    }
    System.arraycopy(scratch, from, record, to, position - from);
    reset();
    return record;
  }

  /** Forgets what was written. */
  void reset() {
    position = 0;
    largeBytes = 0;
    large.clear();
    if (scratch.length > MAX_KEPT_BYTES) {
      scratch = new byte[SCRATCH_BYTES];
    }
  }

  private void reserve(int bytes) {
    if (scratch.length - position < bytes) {
      scratch = Arrays.copyOf(scratch, Math.max(scratch.length * 2, position + bytes));
    }
  }

  @Override
  public void writeBoolean(boolean value) {
    reserve(1);
    position += BinaryData.encodeBoolean(value, scratch, position);
  }

  @Override
  public void writeInt(int value) {
    reserve(MAX_NUMBER_BYTES);
    position += BinaryData.encodeInt(value, scratch, position);
  }

  @Override
  public void writeLong(long value) {
    reserve(MAX_NUMBER_BYTES);
    position += BinaryData.encodeLong(value, scratch, position);
  }

  @Override
  public void writeFloat(float value) {
    reserve(MAX_NUMBER_BYTES);
    position += BinaryData.encodeFloat(value, scratch, position);
  }

  @Override
  public void writeDouble(double value) {
    reserve(MAX_NUMBER_BYTES);
    position += BinaryData.encodeDouble(value, scratch, position);
  }

  @Override
  public void writeFixed(byte[] bytes, int start, int length) {
    if (length >= LARGE_BYTES) {
      keep(ByteBuffer.wrap(bytes, start, length));
      return;
    }
    reserve(length);
    System.arraycopy(bytes, start, scratch, position, length);
    position += length;
  }

  @Override
  public void writeFixed(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (length >= LARGE_BYTES) {
      keep(bytes.duplicate());
      return;
    }
    reserve(length);
    bytes.get(bytes.position(), scratch, position, length);
    position += length;
  }

  private void keep(ByteBuffer bytes) {
    large.add(new Large(position, bytes));
    largeBytes += bytes.remaining();
  }

  @Override
  protected void writeZero() {
    reserve(1);
    scratch[position++] = 0;
  }

  @Override
  public int bytesBuffered() {
    return position + largeBytes;
  }

  @Override
  public void flush() {
    // Everything stays until take().
  }
}
