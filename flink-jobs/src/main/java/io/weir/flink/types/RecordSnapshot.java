package io.weir.flink.types;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a checkpoint remembers of a {@link RecordSerializer}: the class's name and the schema.
 *
 * @param <T> the generated class
 */
public final class RecordSnapshot<T extends SpecificRecord> implements TypeSerializerSnapshot<T> {
  private static final int VERSION = 1;

  private Class<T> type;
  private Schema written;

  /** For Flink, which fills it by {@link #readSnapshot}. */
  public RecordSnapshot() {}

  RecordSnapshot(Class<T> type, Schema written) {
    this.type = type;
    this.written = written;
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    byte[] schema = written.toString().getBytes(StandardCharsets.UTF_8);
    out.writeUTF(type.getName());
    out.writeInt(schema.length);
    out.write(schema);
  }

  @Override
  public void readSnapshot(int readVersion, DataInputView in, ClassLoader loader)
      throws IOException {
    if (readVersion != VERSION) {
      throw new IOException(
          "The state of a record was written in format %d; this job reads format %d."
              .formatted(readVersion, VERSION));
    }
    String name = in.readUTF();
    byte[] schema = new byte[in.readInt()];
    in.readFully(schema);
    written = new Schema.Parser().parse(new String(schema, StandardCharsets.UTF_8));
    try {
      @SuppressWarnings("unchecked") // the name was written from a Class<T>
      Class<T> found =
          (Class<T>) Class.forName(name, true, loader).asSubclass(SpecificRecord.class);
      type = found;
    } catch (ClassNotFoundException gone) {
      throw new IOException(
          "The state holds records of %s, which this job does not have.".formatted(name), gone);
    }
  }

  @Override
  public TypeSerializer<T> restoreSerializer() {
    return new RecordSerializer<>(type, written);
  }

  @Override
  public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> old) {
    if (!(old instanceof RecordSnapshot<T> before) || before.type != type) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    if (before.written.equals(written)) {
      return TypeSerializerSchemaCompatibility.compatibleAsIs();
    }
    Schema current = SpecificData.get().getSchema(type);
    return SchemaCompatibility.checkReaderWriterCompatibility(current, before.written).getType()
            == SchemaCompatibilityType.COMPATIBLE
        ? TypeSerializerSchemaCompatibility.compatibleAfterMigration()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
