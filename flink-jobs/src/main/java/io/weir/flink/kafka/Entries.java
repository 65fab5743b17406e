package io.weir.flink.kafka;

import io.weir.flink.types.TopicEntry;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A compacted topic's keys with what they stand for, removals included. */
final class Entries<T extends SpecificRecord>
    implements KafkaRecordDeserializationSchema<TopicEntry<T>> {
  private static final long serialVersionUID = 1L;

  private final ValueReader<T> reader;

  Entries(KafkaSettings kafka, Class<T> type) {
    this.reader = new ValueReader<>(kafka, type);
  }

  @Override
  public void open(InitializationContext context) {
    reader.open(context);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<TopicEntry<T>> out)
      throws IOException {
    if (record.key() == null) {
      return;
    }
    Optional<T> value = reader.read(record);
    // What cannot be read is not a removal.
    if (value.isPresent() || record.value() == null) {
      out.collect(new TopicEntry<>(new String(record.key(), StandardCharsets.UTF_8), value));
    }
  }

  @Override
  public TypeInformation<TopicEntry<T>> getProducedType() {
    return TopicEntry.type(reader.type());
  }
}
