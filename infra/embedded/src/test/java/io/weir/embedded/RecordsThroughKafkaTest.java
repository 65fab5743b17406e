package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RequestClass;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.SchemaRegistryClient;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsThroughKafkaTest {
  private static final String LANE = Topics.requests("us-east", "llama", RequestClass.STANDARD);
  private static final String RESPONSES = Topics.responses("us-east");

  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private static KafkaSettings settings;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(directory);
    settings = kafka.settings();
    try (Admin admin = Admin.create(settings.admin())) {
      TopicCreator.ensure(
          admin,
          new TopicCatalog(TopicLayout.defaults()).topics(List.of("us-east"), List.of("llama")));
    }
    SchemaRegistration.registerAll(settings);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void everyKindOfRecordComesBackAsItWas() throws Exception {
    // Given a body that does not compress, as large as the limit allows
    byte[] body = new byte[8 * 1024 * 1024];
    new Random(7).nextBytes(body);
    Map<String, SpecificRecord> sent =
        Map.of(
            LANE,
            Records.request("01A", body),
            RESPONSES,
            Records.chunk("01A", "data: {}\n\n".getBytes(StandardCharsets.UTF_8)),
            Topics.lifecycle(),
            Records.event("01A"));
    // When
    send(sent);
    // Then
    for (Map.Entry<String, SpecificRecord> entry : sent.entrySet()) {
      ConsumerRecord<String, SpecificRecord> received = read(entry.getKey());
      assertThat(received.value()).isEqualTo(entry.getValue());
      assertThat(received.key()).isEqualTo("key");
      assertThat(received.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    }
  }

  @Test
  void aPlainConsumerDecodesEveryTopicWithTheRegistrysSchema() throws Exception {
    // Given
    byte[] body = {1, 2, 3};
    send(
        Map.of(
            LANE,
            Records.request("01B", body),
            RESPONSES,
            Records.chunk("01B", body),
            Topics.lifecycle(),
            Records.event("01B")));
    for (String topic : List.of(LANE, RESPONSES, Topics.lifecycle())) {
      // When
      ByteBuffer bytes = ByteBuffer.wrap(readBytes(topic));
      byte magic = bytes.get();
      Schema schema;
      try (SchemaRegistryClient registry = SchemaRegistryClient.of(settings.properties())) {
        schema = registry.schema(bytes.getInt());
      }
      GenericRecord record =
          new GenericDatumReader<GenericRecord>(schema)
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(bytes.array(), bytes.position(), bytes.remaining(), null));
      // Then
      assertThat(magic).isZero();
      assertThat(record.get(topic.equals(LANE) ? "id" : "request_id").toString()).startsWith("01");
    }
  }

  private static void send(Map<String, SpecificRecord> records) throws Exception {
    try (Producer<String, SpecificRecord> producer =
        new KafkaProducer<>(
            settings.producer(Map.of("acks", "all", "max.request.size", 10 * 1024 * 1024)))) {
      for (Map.Entry<String, SpecificRecord> entry : records.entrySet()) {
        producer
            .send(new ProducerRecord<>(entry.getKey(), 0, "key", entry.getValue()))
            .get(10, TimeUnit.SECONDS);
      }
    }
  }

  private static ConsumerRecord<String, SpecificRecord> read(String topic) {
    try (KafkaConsumer<String, SpecificRecord> consumer =
        new KafkaConsumer<>(settings.consumer(Map.of("auto.offset.reset", "earliest")))) {
      return last(consumer, topic);
    }
  }

  private static byte[] readBytes(String topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", settings.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      return last(consumer, topic).value();
    }
  }

  private static <V> ConsumerRecord<String, V> last(
      KafkaConsumer<String, V> consumer, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seek(partition, consumer.endOffsets(List.of(partition)).get(partition) - 1);
    List<ConsumerRecord<String, V>> records = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (records.isEmpty() && System.nanoTime() < deadline) {
      consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    }
    assertThat(records).as("records of %s", topic).isNotEmpty();
    return records.getLast();
  }
}
