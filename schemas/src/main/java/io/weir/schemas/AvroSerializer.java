package io.weir.schemas;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes generated Avro records in the Confluent wire format.
 *
 * <p>The subject is {@code <topic>-value}, or the record's full name for the request and response
 * topics. The first record of a topic looks its schema's id up in the registry, unless {@link
 * SchemaRegistration} already has; all others touch no lock and no network. Safe for any number of
 * threads.
 *
 * @param <T> the records, each of a generated class
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
  /** Far above any deployment's number of topics; reached only by a mistake. */
  private static final int MAX_TOPICS = 10_000;

  private static final ClassValue<SpecificDatumWriter<SpecificRecord>> WRITERS =
      new ClassValue<>() {
        @Override
        protected SpecificDatumWriter<SpecificRecord> computeValue(Class<?> type) {
          return new SpecificDatumWriter<>(
              SpecificData.get().getSchema(type), SpecificData.getForClass(type));
        }
      };

  private final EncoderPool encoders = new EncoderPool();
  private final Map<String, TopicSchema> topics = new ConcurrentHashMap<>();
  private SchemaRegistryClient registry;

  private record TopicSchema(Class<?> type, int id) {}

  /**
   * Takes {@code schema.registry.url} and what goes with it; see {@link SchemaRegistryClient#of}.
   *
   * @throws ConfigException if the URL is missing, or this is to serialize keys
   */
  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (isKey) {
      throw new ConfigException(
          "AvroSerializer writes values; keys are strings: use StringSerializer as key.serializer.");
    }
    registry = SchemaRegistryClient.of(configs);
  }

  /**
   * One record as bytes; null stays null, a tombstone.
   *
   * @throws SerializationException if the record misses a field or its schema has no id
   */
  @Override
  public byte[] serialize(String topic, T record) {
    if (record == null) {
      return null;
    }
    int id = id(topic, record);
    RecordEncoder encoder = encoders.take();
    try {
      WRITERS.get(record.getClass()).write(record, encoder);
      return encoder.take(id);
    } catch (IOException | AvroRuntimeException | NullPointerException | ClassCastException bad) {
      throw new SerializationException(
          "Cannot write a record for topic %s as %s: %s"
              .formatted(topic, record.getSchema().getFullName(), bad.getMessage()),
          bad);
    } finally {
      encoders.put(encoder);
    }
  }

  private int id(String topic, T record) {
    TopicSchema known = topics.get(topic);
    if (known != null && known.type() == record.getClass()) {
      return known.id();
    }
    Schema schema = record.getSchema();
    try {
      int id = registry.id(Subjects.of(topic, schema), schema);
      if (topics.size() < MAX_TOPICS) {
        topics.put(topic, new TopicSchema(record.getClass(), id));
      }
      return id;
    } catch (SchemaRegistryException failure) {
      throw new SerializationException(
          "Cannot write to topic " + topic + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }
}
