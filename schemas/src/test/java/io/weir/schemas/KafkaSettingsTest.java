package io.weir.schemas;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {
  @Test
  void aProducerAndAConsumerUseTheSerdesOfThisModule() {
    KafkaSettings settings = KafkaSettings.of("localhost:9092", "http://localhost:8085");
    assertThat(settings.producer(Map.of("acks", "all")))
        .containsEntry("bootstrap.servers", "localhost:9092")
        .containsEntry("acks", "all")
        .containsEntry("value.serializer", AvroSerializer.class.getName())
        .containsEntry("schema.registry.url", "http://localhost:8085")
        .doesNotContainKey("value.deserializer");
    assertThat(settings.consumer(Map.of("group.id", "g")))
        .containsEntry("group.id", "g")
        .containsEntry("value.deserializer", AvroDeserializer.class.getName())
        .containsEntry("specific.avro.reader", "true")
        .doesNotContainKey("value.serializer");
    assertThat(settings.admin())
        .isEqualTo(properties(Map.of("bootstrap.servers", "localhost:9092")));
  }

  @Test
  void aPrefixTunesOneKindOfClientAndIsTheLastWord() {
    // Given
    KafkaSettings settings =
        settings(
            Map.of(
                "client.dns.lookup", "use_all_dns_ips",
                "linger.ms", "7",
                "producer.acks", "1",
                "consumer.fetch.min.bytes", "9",
                "admin.request.timeout.ms", "11"));
    // When
    Properties producer = settings.producer(Map.of("acks", "all", "linger.ms", 0));
    Properties consumer = settings.consumer(Map.of());
    // Then
    assertThat(producer)
        .containsEntry("acks", "1")
        .containsEntry("linger.ms", 0)
        .containsEntry("client.dns.lookup", "use_all_dns_ips")
        .doesNotContainKeys("fetch.min.bytes", "producer.acks", "consumer.fetch.min.bytes");
    assertThat(consumer).containsEntry("fetch.min.bytes", "9").doesNotContainKey("acks");
    assertThat(settings.admin())
        .containsEntry("request.timeout.ms", "11")
        .doesNotContainKey("schema.registry.url");
  }

  @Test
  void anotherSerializerFollowsWeirsSubjects() {
    // Given
    KafkaSettings settings = settings(Map.of("value.serializer", NamingSerializer.class.getName()));
    Properties producer = settings.producer(Map.of());
    Map<String, Object> config = new HashMap<>();
    producer.forEach((key, value) -> config.put(key.toString(), value));
    try (SubjectRoutingSerializer serializer = new SubjectRoutingSerializer()) {
      // When
      serializer.configure(config, false);
      // Then
      assertThat(producer)
          .containsEntry("value.serializer", SubjectRoutingSerializer.class.getName())
          .containsEntry("avro.remove.java.properties", "true");
      assertThat(new String(serializer.serialize(Topics.responses("a"), "x"), US_ASCII))
          .isEqualTo("io.confluent.kafka.serializers.subject.RecordNameStrategy");
      assertThat(new String(serializer.serialize(Topics.lifecycle(), "x"), US_ASCII))
          .isEqualTo("io.confluent.kafka.serializers.subject.TopicNameStrategy");
    }
  }

  @Test
  void aSerializerThatIsNotThereIsNamed() {
    Properties producer =
        settings(Map.of("value.serializer", "io.confluent.Nowhere")).producer(Map.of());
    Map<String, Object> config = new HashMap<>();
    producer.forEach((key, value) -> config.put(key.toString(), value));
    try (SubjectRoutingSerializer serializer = new SubjectRoutingSerializer()) {
      assertThatThrownBy(() -> serializer.configure(config, false))
          .hasMessageContaining("io.confluent.Nowhere")
          .hasMessageContaining("class path");
    }
  }

  @Test
  void secretsDoNotShow() {
    KafkaSettings settings =
        settings(
            Map.of(
                "sasl.jaas.config", "password=s3cret",
                "producer.ssl.keystore.password", "s3cret",
                "basic.auth.user.info", "ann:s3cret",
                "bearer.auth.token", "s3cret",
                "schema.registry.url", "https://ann:s3cret@registry:8085"));
    assertThat(settings.toString())
        .doesNotContain("s3cret")
        .contains("sasl.jaas.config=***", "https://***@registry:8085", "localhost:9092");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> new KafkaSettings(Map.of("schema.registry.url", "http://x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kafka.bootstrap.servers is missing");
    assertThatThrownBy(() -> new KafkaSettings(Map.of("bootstrap.servers", "x:1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kafka.schema.registry.url is missing");
  }

  private static KafkaSettings settings(Map<String, String> more) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "bootstrap.servers", "localhost:9092",
                "schema.registry.url", "http://localhost:8085"));
    all.putAll(more);
    return new KafkaSettings(all);
  }

  private static Properties properties(Map<String, String> entries) {
    Properties properties = new Properties();
    properties.putAll(entries);
    return properties;
  }
}
