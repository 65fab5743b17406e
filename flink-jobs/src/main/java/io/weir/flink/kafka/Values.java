package io.weir.flink.kafka;

import io.weir.flink.types.RecordType;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A topic's values, where keys do not matter. */
final class Values<T extends SpecificRecord> implements KafkaRecordDeserializationSchema<T> {
  private static final long serialVersionUID = 1L;

  private final ValueReader<T> reader;

  Values(KafkaSettings kafka, Class<T> type) {
    this.reader = new ValueReader<>(kafka, type);
  }

  @Override
  public void open(InitializationContext context) {
    reader.open(context);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out)
      throws IOException {
    reader.read(record).ifPresent(out::collect);
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return RecordType.forClass(reader.type());
  }
}
