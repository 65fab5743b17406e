package io.weir.flink.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.DemandInput;
import io.weir.schemas.GeoLink;
import io.weir.schemas.KnownDemand;
import io.weir.schemas.RequestClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RecordTypeTest {
  private static final GeoLink LINK =
      new GeoLink("eu", "us", 80.0, 0.02, false, Instant.ofEpochMilli(7));

  private static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
    return type.createSerializer(new SerializerConfigImpl());
  }

  private static <T> byte[] bytes(TypeSerializer<T> serializer, T value) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return out.getCopyOfBuffer();
  }

  @Test
  void recordsComeBackAsTheyWere() throws IOException {
    // Given
    KnownDemand demand =
        new KnownDemand(
            new DemandInput("eu", RequestClass.FLEX, 3d, 1d, 400d, 100d, 0.5),
            Instant.ofEpochMilli(42));
    TypeSerializer<KnownDemand> serializer = serializer(RecordType.forClass(KnownDemand.class));
    // When
    byte[] written = bytes(serializer, demand);
    // Then
    assertThat(serializer.duplicate().deserialize(new DataInputDeserializer(written)))
        .isEqualTo(demand);
  }

  @Test
  void valuesAreCopiedWithoutBeingRead() throws IOException {
    // Given
    TypeSerializer<GeoLink> serializer = serializer(RecordType.forClass(GeoLink.class));
    byte[] written = bytes(serializer, LINK);
    DataOutputSerializer copy = new DataOutputSerializer(64);
    // When
    serializer.copy(new DataInputDeserializer(written), copy);
    // Then
    assertThat(copy.getCopyOfBuffer()).isEqualTo(written);
  }

  @Test
  void entriesOfATopicKeepRemovals() throws IOException {
    // Given
    TypeSerializer<TopicEntry<GeoLink>> serializer = serializer(TopicEntry.type(GeoLink.class));
    // When, then
    for (TopicEntry<GeoLink> entry :
        List.of(TopicEntry.of("a|b", LINK), TopicEntry.<GeoLink>removed("a|b"))) {
      byte[] written = bytes(serializer, entry);
      assertThat(serializer.deserialize(new DataInputDeserializer(written))).isEqualTo(entry);
    }
  }

  @Test
  void stateOfAnOlderSchemaIsReadByTheNewerClass() throws IOException {
    // Given state with a field that the class no longer has
    Schema older =
        SchemaBuilder.record("GeoLink")
            .namespace("io.weir.schemas")
            .fields()
            .requiredString("from")
            .requiredString("to")
            .requiredDouble("rtt_millis")
            .requiredDouble("egress_per_gb")
            .requiredBoolean("measured")
            .name("at")
            .type(timestamp())
            .noDefault()
            .requiredString("forgotten")
            .endRecord();
    TypeSerializerSnapshot<GeoLink> before = snapshot(older);
    // When
    TypeSerializerSnapshot<GeoLink> now =
        serializer(RecordType.forClass(GeoLink.class)).snapshotConfiguration();
    // Then
    assertThat(now.resolveSchemaCompatibility(before).isCompatibleAfterMigration()).isTrue();
    assertThat(before.restoreSerializer().deserialize(new DataInputDeserializer(written(older))))
        .isEqualTo(LINK);
  }

  @Test
  void stateOfTheSameSchemaNeedsNothing() throws IOException {
    // Given
    TypeSerializerSnapshot<GeoLink> now =
        serializer(RecordType.forClass(GeoLink.class)).snapshotConfiguration();
    // When, then
    assertThat(
            now.resolveSchemaCompatibility(snapshot(GeoLink.getClassSchema())).isCompatibleAsIs())
        .isTrue();
  }

  @Test
  void stateWithoutAFieldThatHasNoDefaultIsRefused() throws IOException {
    // Given
    Schema older =
        SchemaBuilder.record("GeoLink")
            .namespace("io.weir.schemas")
            .fields()
            .requiredString("from")
            .endRecord();
    TypeSerializerSnapshot<GeoLink> now =
        serializer(RecordType.forClass(GeoLink.class)).snapshotConfiguration();
    // When, then
    assertThat(now.resolveSchemaCompatibility(snapshot(older)).isIncompatible()).isTrue();
  }

  private static Schema timestamp() {
    return LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
  }

  /** A snapshot as a checkpoint holds it. */
  private static TypeSerializerSnapshot<GeoLink> snapshot(Schema schema) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    new RecordSnapshot<>(GeoLink.class, schema).writeSnapshot(out);
    RecordSnapshot<GeoLink> read = new RecordSnapshot<>();
    read.readSnapshot(
        read.getCurrentVersion(),
        new DataInputDeserializer(out.getCopyOfBuffer()),
        RecordTypeTest.class.getClassLoader());
    return read;
  }

  private static byte[] written(Schema schema) throws IOException {
    GenericData.Record record = new GenericData.Record(schema);
    record.put("from", LINK.getFrom());
    record.put("to", LINK.getTo());
    record.put("rtt_millis", LINK.getRttMillis());
    record.put("egress_per_gb", LINK.getEgressPerGb());
    record.put("measured", false);
    record.put("at", LINK.getAt().toEpochMilli());
    record.put("forgotten", "x");
    ByteArrayOutputStream avro = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(avro, null);
    new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
    encoder.flush();
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeInt(avro.size());
    out.write(avro.toByteArray());
    return out.getCopyOfBuffer();
  }
}
