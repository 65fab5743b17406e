package io.weir.flink.kafka;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.SchemaRegistryException;
import io.weir.schemas.UnknownSchemaException;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the values of one topic by the deserializer that the Kafka settings name.
 *
 * <p>A record that cannot be read is skipped, counted as {@code unreadableRecords} and said so in
 * the log: it will never be readable, and one such record must not stop the weights. While the
 * registry cannot be asked the job fails, and is restarted from where it was.
 */
final class ValueReader<T extends SpecificRecord> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ValueReader.class);

  private final HashMap<String, String> properties;
  private final Class<T> type;
  private transient Deserializer<?> deserializer;
  private transient Counter unreadable;

  ValueReader(KafkaSettings kafka, Class<T> type) {
    this.properties = new HashMap<>(Clients.text(kafka.consumer(Map.of())));
    this.type = type;
  }

  Class<T> type() {
    return type;
  }

  void open(InitializationContext context) {
    open(
        context.getMetricGroup().counter("unreadableRecords"),
        context.getUserCodeClassLoader().asClassLoader());
  }

  void open(Counter skipped, ClassLoader loader) {
    unreadable = skipped;
    deserializer =
        Clients.instance(properties.get("value.deserializer"), Deserializer.class, loader);
    deserializer.configure(properties, false);
  }

  /** The value; empty for a tombstone and for what cannot be read. */
  Optional<T> read(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(type.cast(deserializer.deserialize(record.topic(), record.value())));
    } catch (SerializationException | ClassCastException failure) {
      if (failure.getCause() instanceof SchemaRegistryException registry
          && !(registry instanceof UnknownSchemaException)) {
        throw new IOException(failure);
      }
      unreadable.inc();
      LOG.warn(
          "record skipped topic={} partition={} offset={}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          failure.getMessage());
      return Optional.empty();
    }
  }
}
