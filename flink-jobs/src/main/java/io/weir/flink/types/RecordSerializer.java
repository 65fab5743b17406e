package io.weir.flink.types;

import io.weir.schemas.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a generated record as its length, four bytes, and its Avro binary.
 *
 * <p>The length lets a value be copied without being read, and keeps a reader that misunderstands
 * one value from misunderstanding the rest.
 *
 * @param <T> the generated class
 */
final class RecordSerializer<T extends SpecificRecord> extends ImmutableSerializer<T> {
  private static final long serialVersionUID = 1L;

  static {
    // Copying a record asks for this as reading does, so it is done before there are any.
    TrustedRecords.install();
  }

  private final Class<T> type;
  private final Schema written;
  private transient Avro<T> avro;

  /** What reads and writes; made where it is used, for one thread. */
  private record Avro<T>(
      SpecificDatumWriter<T> writer,
      SpecificDatumReader<T> reader,
      BinaryEncoder encoder,
      BinaryDecoder decoder,
      ByteArrayOutputStream out) {
    static <T> Avro<T> of(Class<T> type, Schema written) {
      Schema current = SpecificData.get().getSchema(type);
      SpecificData data = SpecificData.getForClass(type);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      return new Avro<>(
          new SpecificDatumWriter<>(current, data),
          new SpecificDatumReader<>(written, current, data),
          EncoderFactory.get().binaryEncoder(out, null),
          DecoderFactory.get().binaryDecoder(new byte[0], null),
          out);
    }
  }

  /**
   * A serializer.
   *
   * @param written the schema of what is to be read
   */
  RecordSerializer(Class<T> type, Schema written) {
    this.type = type;
    this.written = written;
  }

  @Override
  public TypeSerializer<T> duplicate() {
    return new RecordSerializer<>(type, written);
  }

  @Override
  public void serialize(T record, DataOutputView target) throws IOException {
    Avro<T> now = avro();
    now.out().reset();
    now.writer().write(record, now.encoder());
    now.encoder().flush();
    target.writeInt(now.out().size());
    target.write(now.out().toByteArray());
  }

  @Override
  public T deserialize(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    Avro<T> now = avro();
    return now.reader()
        .read(null, DecoderFactory.get().binaryDecoder(bytes, 0, bytes.length, now.decoder()));
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    int length = source.readInt();
    target.writeInt(length);
    target.write(source, length);
  }

  @Override
  public TypeSerializerSnapshot<T> snapshotConfiguration() {
    return new RecordSnapshot<>(type, SpecificData.get().getSchema(type));
  }

  private Avro<T> avro() {
    if (avro == null) {
      avro = Avro.of(type, written);
    }
    return avro;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordSerializer<?> that
        && type == that.type
        && written.equals(that.written);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }
}
