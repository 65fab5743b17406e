package io.weir.schemas;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to reach Kafka and the schema registry: any client property, as the {@code kafka:} section of
 * the configuration has it. A property that begins with {@code producer.}, {@code consumer.} or
 * {@code admin.} holds for that kind of client only, and is the operator's last word: it replaces
 * even what Weir sets.
 *
 * @param properties Kafka's keys and values, {@code bootstrap.servers} and {@code
 *     schema.registry.url} among them
 */
public record KafkaSettings(Map<String, String> properties) {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSettings.class);
  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final String SERIALIZER = "value.serializer";
  private static final String DESERIALIZER = "value.deserializer";

  /**
   * Checks that both addresses are given.
   *
   * @throws IllegalArgumentException if one is missing
   */
  public KafkaSettings {
    properties = Map.copyOf(properties);
    require(properties, BOOTSTRAP, "the brokers' addresses, such as localhost:9092");
    if (!(properties.containsKey(SERIALIZER) && properties.containsKey(DESERIALIZER))) {
      require(
          properties,
          RegistryConfig.URL,
          "the schema registry's URL, such as http://localhost:8085");
    }
  }

  /** A broker and a registry without credentials. */
  public static KafkaSettings of(String bootstrapServers, String registryUrl) {
    return new KafkaSettings(Map.of(BOOTSTRAP, bootstrapServers, RegistryConfig.URL, registryUrl));
  }

  /** The brokers' addresses, with commas. */
  public String bootstrapServers() {
    return properties.getOrDefault(BOOTSTRAP, "");
  }

  /**
   * Properties of a producer of string keys and Avro values.
   *
   * @param overrides what the caller's work depends on; only {@code producer.…} settings replace it
   */
  public Properties producer(Map<String, Object> overrides) {
    Properties producer = new Properties();
    producer.put("key.serializer", StringSerializer.class.getName());
    producer.put(SERIALIZER, AvroSerializer.class.getName());
    fill(producer, ClientKind.PRODUCER, overrides);
    // No operator's to change: whoever looks a request up has to know its partition.
    producer.put("partitioner.class", RequestPartitioner.class.getName());
    Object serializer = producer.get(SERIALIZER);
    if (!AvroSerializer.class.getName().equals(serializer)) {
      producer.put(SERIALIZER, SubjectRoutingSerializer.class.getName());
      producer.put(SubjectRoutingSerializer.DELEGATE, serializer);
      // Confluent's serializer would otherwise register what only Java understands.
      producer.putIfAbsent("avro.remove.java.properties", "true");
    }
    return producer;
  }

  /**
   * Properties of a consumer of string keys and Avro values.
   *
   * @param overrides what the caller's work depends on; only {@code consumer.…} settings replace it
   */
  public Properties consumer(Map<String, Object> overrides) {
    Properties consumer = new Properties();
    consumer.put("key.deserializer", StringDeserializer.class.getName());
    consumer.put(DESERIALIZER, AvroDeserializer.class.getName());
    fill(consumer, ClientKind.CONSUMER, overrides);
    TrustedRecords.install();
    // Confluent's deserializer would otherwise make generic records.
    consumer.put("specific.avro.reader", "true");
    return consumer;
  }

  /** Properties of an admin client. */
  public Properties admin() {
    Properties admin = new Properties();
    fill(admin, ClientKind.ADMIN, Map.of());
    return admin;
  }

  /**
   * Properties of a Kafka Streams application. What holds for one kind of client only is handed on
   * to the clients of that kind inside it.
   *
   * @param overrides what the caller's work depends on
   */
  public Properties streams(Map<String, Object> overrides) {
    Properties streams = new Properties();
    properties.forEach(
        (key, value) -> {
          if (!key.endsWith("serializer")) {
            streams.put(key, value);
          }
        });
    streams.putAll(overrides);
    return streams;
  }

  /**
   * Writes and reads Avro values as producers and consumers with these settings do.
   *
   * @param <V> the generated class of the records
   */
  public <V extends SpecificRecord> Serde<V> serde() {
    Properties producer = producer(Map.of());
    Properties consumer = consumer(Map.of());
    Serializer<V> serializer = instance(producer.get(SERIALIZER), Serializer.class);
    serializer.configure(Utils.propsToMap(producer), false);
    Deserializer<V> deserializer = instance(consumer.get(DESERIALIZER), Deserializer.class);
    deserializer.configure(Utils.propsToMap(consumer), false);
    return Serdes.serdeFrom(serializer, deserializer);
  }

  /** The value's type is what the configured class makes of it. */
  @SuppressWarnings("unchecked")
  private static <T> T instance(Object className, Class<? super T> type) {
    try {
      return (T) Utils.newInstance(className.toString(), type);
    } catch (ClassNotFoundException missing) {
      throw new IllegalArgumentException(
          "kafka: there is no class %s; add its jar to the class path.".formatted(className),
          missing);
    }
  }

  private void fill(Properties target, ClientKind kind, Map<String, Object> overrides) {
    properties.forEach(
        (key, value) -> {
          if (kind.takes(key)) {
            target.put(key, value);
          }
        });
    target.putAll(overrides);
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(kind.prefix())) {
            String name = key.substring(kind.prefix().length());
            Object replaced = overrides.get(name);
            if (replaced != null && !replaced.toString().equals(value)) {
              LOG.warn("kafka.{} replaces {}={}, which Weir relies on", key, name, replaced);
            }
            target.put(name, value);
          }
        });
  }

  private static void require(Map<String, String> properties, String key, String what) {
    if (properties.getOrDefault(key, "").isBlank()) {
      throw new IllegalArgumentException("kafka.%s is missing: give %s.".formatted(key, what));
    }
  }

  /** The properties, with stars in place of secrets. */
  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>();
    properties.forEach((key, value) -> shown.put(key, Secrets.shown(key, value)));
    return "KafkaSettings" + shown;
  }
}
