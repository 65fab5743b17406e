package io.weir.flink.kafka;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Writes tables to one topic under {@code source/pool}. */
final class TableWriter implements KafkaRecordSerializationSchema<RoutingWeights> {
  private static final long serialVersionUID = 1L;

  private final String topic;
  private final HashMap<String, String> properties;
  private transient Serializer<Object> serializer;

  TableWriter(KafkaSettings kafka, String topic) {
    this.topic = topic;
    this.properties = new HashMap<>(Clients.text(kafka.producer(Map.of())));
  }

  @Override
  @SuppressWarnings("unchecked") // a serializer for any record takes tables
  public void open(InitializationContext context, KafkaSinkContext sink) {
    serializer =
        Clients.instance(
            properties.get("value.serializer"),
            Serializer.class,
            context.getUserCodeClassLoader().asClassLoader());
    serializer.configure(properties, false);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      RoutingWeights table, KafkaSinkContext context, Long timestamp) {
    byte[] key = (table.getSource() + "/" + table.getPool()).getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, key, serializer.serialize(topic, table));
  }
}
