package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CodecTest {
  private static final String LANE = Topics.requests("us-east", "llama", RequestClass.FLEX);

  private final AvroSerializer<SpecificRecord> serializer = new AvroSerializer<>();
  private final AvroDeserializer<SpecificRecord> deserializer = new AvroDeserializer<>();
  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    Map<String, String> config = Map.of("schema.registry.url", registry.url());
    serializer.configure(config, false);
    deserializer.configure(config, false);
  }

  @AfterEach
  void stop() {
    serializer.close();
    deserializer.close();
    registry.close();
  }

  @Test
  void recordsOfAllKindsAndSizesComeBackEqual() {
    // Sizes on both sides of what is copied, kept by reference and grown
    for (int size : new int[] {0, 1, 511, 512, 513, 5_000, 100_000}) {
      for (SpecificRecord record :
          List.of(
              Samples.request(Samples.bytes(size)),
              Samples.chunk(Samples.bytes(size)),
              Samples.event())) {
        assertThat(deserializer.deserialize(LANE, serializer.serialize(LANE, record)))
            .isEqualTo(record);
      }
    }
  }

  @Test
  void theBytesAreThoseThatAvroItselfWrites() throws IOException {
    for (SpecificRecord record :
        List.of(
            Samples.request(Samples.bytes(3_000)), Samples.event(), Samples.chunk(new byte[0]))) {
      // Given
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(expected, null);
      new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
      // When
      byte[] written = serializer.serialize(LANE, record);
      // Then
      assertThat(Arrays.copyOfRange(written, 5, written.length)).isEqualTo(expected.toByteArray());
      assertThat(written[0]).isZero();
      assertThat(ByteBuffer.wrap(written).getInt(1)).isGreaterThanOrEqualTo(100);
    }
  }

  @Test
  void aBufferOfTheFetchIsReadInPlaceAndLeftAsItWas() {
    // Given a record in the middle of a larger array, as the consumer hands it out
    byte[] written = serializer.serialize(LANE, Samples.request(Samples.bytes(9_000)));
    byte[] fetched = new byte[written.length + 30];
    System.arraycopy(written, 0, fetched, 20, written.length);
    ByteBuffer buffer = ByteBuffer.wrap(fetched, 20, written.length).slice();
    // When
    InferenceRequest read =
        (InferenceRequest) deserializer.deserialize(LANE, new RecordHeaders(), buffer);
    // Then
    assertThat(read.getBody().array()).isSameAs(fetched);
    assertThat(read.getBody().remaining()).isEqualTo(9_000);
    assertThat(read).isEqualTo(Samples.request(Samples.bytes(9_000)));
    assertThat(buffer.position()).isZero();
  }

  @Test
  void aSmallFieldDoesNotPinALargeFetch() {
    // Given
    byte[] written = serializer.serialize(LANE, Samples.chunk(Samples.bytes(100)));
    ByteBuffer fetch = ByteBuffer.allocate(100_000).put(written).flip();
    // When
    ResponseChunk read = (ResponseChunk) deserializer.deserialize(LANE, new RecordHeaders(), fetch);
    // Then
    assertThat(read.getData().array()).hasSize(100);
  }

  @Test
  void olderAndNewerWritersAreUnderstood() throws IOException {
    Schema current = PortableSchema.of(InferenceRequest.SCHEMA$);
    // Given a writer from before traceparent, and one with a field this build does not know
    Schema older = without(current, "traceparent");
    Schema newer = with(current, "flavour", Schema.create(Schema.Type.STRING));
    for (Schema writer : List.of(older, newer)) {
      // When
      SpecificRecord read = deserializer.deserialize(LANE, written(writer));
      // Then
      InferenceRequest request = (InferenceRequest) read;
      assertThat(request.getId()).isEqualTo("01OLD");
      assertThat(request.getBody()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
      assertThat(request.getRequestClass()).isEqualTo(RequestClass.PRIORITY);
    }
  }

  @Test
  void tombstonesStayNull() {
    assertThat(serializer.serialize(LANE, null)).isNull();
    assertThat(deserializer.deserialize(LANE, null)).isNull();
    assertThat(deserializer.deserialize(LANE, new RecordHeaders(), (ByteBuffer) null)).isNull();
  }

  @Test
  void anythingThatIsNotTheWireFormatIsSaidToBeSo() {
    byte[] good = serializer.serialize(LANE, Samples.event());
    byte[] magic = good.clone();
    magic[0] = 1;
    byte[] unknownId = good.clone();
    unknownId[3] = 77;
    byte[] longer = Arrays.copyOf(good, good.length + 3);

    assertThatThrownBy(() -> deserializer.deserialize(LANE, magic))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(LANE)
        .hasMessageContaining("not in the Confluent wire format")
        .hasMessageContaining("begins with byte 1");
    assertThatThrownBy(() -> deserializer.deserialize(LANE, new byte[0]))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("0 bytes");
    assertThatThrownBy(() -> deserializer.deserialize(LANE, unknownId))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(LANE)
        .hasMessageContaining("schema id " + ByteBuffer.wrap(unknownId).getInt(1))
        .hasMessageContaining(registry.url())
        .hasMessageContaining("40403");
    assertThatThrownBy(() -> deserializer.deserialize(LANE, longer))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("3 bytes are left");
  }

  @Test
  void aSchemaOfSomeoneElseIsNotInstantiated() throws IOException {
    // Given a registry that names a class of the JDK
    Schema foreign =
        new Schema.Parser()
            .parse("{\"type\":\"record\",\"name\":\"java.lang.ProcessBuilder\",\"fields\":[]}");
    int id = registry.add("x", foreign);
    byte[] record = ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
    // When, then
    assertThatThrownBy(() -> deserializer.deserialize(LANE, record))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("is not one of Weir's records");
  }

  @Test
  void everyTruncationAndAnyCorruptionEndsInOneKindOfError() {
    byte[] good = serializer.serialize(LANE, Samples.event());
    for (int length = 5; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> deserializer.deserialize(LANE, cut))
          .as("cut to %d bytes", length)
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("does not follow its schema");
    }
    long seed = 42;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] corrupt = good.clone();
      corrupt[5 + random.nextInt(corrupt.length - 5)] = (byte) random.nextInt();
      try {
        deserializer.deserialize(LANE, corrupt);
      } catch (SerializationException expected) {
        assertThat(expected).hasMessageContaining(LANE);
      }
    }
  }

  @Test
  void familiesShareOneSubjectAndOthersHaveTheirOwn() {
    // When
    serializer.serialize(LANE, Samples.request(new byte[1]));
    serializer.serialize(
        Topics.requests("eu-west", "llama", RequestClass.BATCH), Samples.request(new byte[1]));
    serializer.serialize(Topics.responses("eu-west"), Samples.chunk(new byte[1]));
    serializer.serialize(Topics.lifecycle(), Samples.event());
    // Then each was asked for once
    assertThat(registry.calls())
        .containsExactly(
            "POST /subjects/io.weir.schemas.InferenceRequest/versions",
            "POST /subjects/io.weir.schemas.ResponseChunk/versions",
            "POST /subjects/weir.lifecycle-value/versions");
  }

  @Test
  void aRegistryThatIsAwayIsNamedWithTopicAndSubject() {
    registry.close();
    assertThatThrownBy(() -> serializer.serialize(LANE, Samples.request(new byte[1])))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(LANE)
        .hasMessageContaining("io.weir.schemas.InferenceRequest")
        .hasMessageContaining(registry.url());
  }

  @Test
  void afterRegistrationAtStartNobodyAsksAgain() {
    // Given
    Map<String, Integer> ids =
        SchemaRegistration.registerAll(KafkaSettings.of("localhost:1", registry.url()));
    int calls = registry.calls().size();
    registry.close();
    // When
    byte[] written = serializer.serialize(LANE, Samples.request(new byte[3]));
    SpecificRecord read = deserializer.deserialize(LANE, written);
    // Then
    assertThat(read).isEqualTo(Samples.request(new byte[3]));
    assertThat(registry.calls()).hasSize(calls);
    assertThat(ids.keySet()).isEqualTo(Subjects.current().keySet());
  }

  @Test
  void keysAreRefused() {
    Map<String, String> config = Map.of("schema.registry.url", registry.url());
    assertThatThrownBy(() -> new AvroSerializer<>().configure(config, true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("StringSerializer");
    assertThatThrownBy(() -> new AvroDeserializer<>().configure(config, true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("StringDeserializer");
  }

  private byte[] written(Schema writer) throws IOException {
    GenericRecord record = new GenericData.Record(writer);
    InferenceRequest sample = Samples.request(new byte[] {1, 2});
    for (Schema.Field field : writer.getFields()) {
      switch (field.name()) {
        case "id" -> record.put("id", "01OLD");
        case "flavour" -> record.put("flavour", "sweet");
        case "request_class" ->
            record.put("request_class", new GenericData.EnumSymbol(field.schema(), "PRIORITY"));
        case "enqueued_at", "expires_at" -> record.put(field.name(), 5L);
        case "reply" -> record.put("reply", reply(field.schema(), sample.getReply()));
        default ->
            record.put(field.name(), sample.get(sample.getSchema().getField(field.name()).pos()));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(5)
            .put((byte) 0)
            .putInt(registry.add("io.weir.schemas.InferenceRequest", writer))
            .array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    DatumWriter<GenericRecord> datumWriter = new GenericDatumWriter<>(writer);
    datumWriter.write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static GenericRecord reply(Schema schema, ReplyAddress address) {
    GenericRecord reply = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      reply.put(field.name(), address.get(field.pos()));
    }
    return reply;
  }

  private static Schema without(Schema schema, String name) {
    return copy(schema, schema.getFields().stream().filter(f -> !f.name().equals(name)).toList());
  }

  private static Schema with(Schema schema, String name, Schema type) {
    List<Schema.Field> fields = new ArrayList<>(schema.getFields());
    fields.add(0, new Schema.Field(name, type));
    return copy(schema, fields);
  }

  private static Schema copy(Schema schema, List<Schema.Field> fields) {
    return Schema.createRecord(
        schema.getName(),
        schema.getDoc(),
        schema.getNamespace(),
        false,
        fields.stream().map(field -> new Schema.Field(field, field.schema())).toList());
  }
}
