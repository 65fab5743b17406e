package io.weir.flink.kafka;

import io.weir.flink.Epochs;
import io.weir.flink.WeightsSinks;
import io.weir.flink.WeightsSources;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;

/** The job's sources, sinks and epochs over Weir's topics. */
public final class KafkaWeights {
  /** A sample is superseded after a second; a few show which engines answer at all. */
  private static final Duration TELEMETRY_REPLAY = Duration.ofSeconds(10);

  /** Kafka's default of 32 MB a producer is for more than a few tables a second. */
  private static final String SINK_BUFFER_BYTES = "4194304";

  private static final String MAX_REQUEST_BYTES = "4194304";

  /**
   * Demand is a matter of seconds, and a fetch for every event would cost the brokers more than the
   * events themselves.
   */
  private static final Map<String, Object> LIFECYCLE_FETCH =
      Map.of("fetch.min.bytes", "65536", "fetch.max.wait.ms", "250");

  private final KafkaSettings kafka;
  private final Clock clock;

  /**
   * Over one Kafka.
   *
   * @param clock of the process that submits the job; decides from when on topics are read
   */
  public KafkaWeights(KafkaSettings kafka, Clock clock) {
    this.kafka = kafka;
    this.clock = clock;
  }

  /**
   * What the job reads where it has no checkpoint to go on from: engines and geography whole,
   * telemetry from a few seconds ago.
   *
   * @param replay how much of the lifecycle to read
   */
  public WeightsSources sources(Duration replay) {
    return new WeightsSources(
        source(
            Topics.lifecycle(),
            new Values<>(kafka, LifecycleEvent.class),
            since(replay),
            LIFECYCLE_FETCH),
        source(
            Topics.telemetry(), new Values<>(kafka, EngineSample.class), since(TELEMETRY_REPLAY)),
        source(
            Topics.engines(),
            new Entries<>(kafka, EngineSpec.class),
            OffsetsInitializer.earliest()),
        source(
            Topics.geography(),
            new Entries<>(kafka, GeoLink.class),
            OffsetsInitializer.earliest()));
  }

  /** At least once: a table repeated is the same table, and an older one is told by its version. */
  public WeightsSinks sinks() {
    return new WeightsSinks(sink(Topics.weights()), sink(Topics.weightsHistory()));
  }

  /** Epochs above those of all tables in the weights topic. */
  public Epochs epochs() {
    return new KafkaEpochs(kafka.properties());
  }

  private OffsetsInitializer since(Duration ago) {
    return OffsetsInitializer.timestamp(clock.millis() - ago.toMillis());
  }

  private <T> KafkaSource<T> source(
      String topic, KafkaRecordDeserializationSchema<T> values, OffsetsInitializer start) {
    return source(topic, values, start, Map.of());
  }

  private <T> KafkaSource<T> source(
      String topic,
      KafkaRecordDeserializationSchema<T> values,
      OffsetsInitializer start,
      Map<String, Object> fetch) {
    Map<String, Object> settings = new HashMap<>(fetch);
    settings.put("commit.offsets.on.checkpoint", "false");
    return KafkaSource.<T>builder()
        .setProperties(withoutSerdes(kafka.consumer(settings)))
        .setBootstrapServers(kafka.bootstrapServers())
        .setTopics(topic)
        .setClientIdPrefix("weir-weights-" + topic)
        .setStartingOffsets(start)
        .setDeserializer(values)
        .build();
  }

  private Sink<RoutingWeights> sink(String topic) {
    Properties producer =
        withoutSerdes(
            kafka.producer(
                Map.of(
                    "acks", "all",
                    "linger.ms", "0",
                    "compression.type", "lz4",
                    "max.request.size", MAX_REQUEST_BYTES,
                    "buffer.memory", SINK_BUFFER_BYTES)));
    return KafkaSink.<RoutingWeights>builder()
        .setKafkaProducerConfig(producer)
        .setBootstrapServers(kafka.bootstrapServers())
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new TableWriter(kafka, topic))
        .build();
  }

  /** Flink's connector moves bytes; values are read and written by the schemas given to it. */
  private static Properties withoutSerdes(Properties properties) {
    Properties bytes = new Properties();
    Clients.text(properties)
        .forEach(
            (key, value) -> {
              if (!key.endsWith(".serializer") && !key.endsWith(".deserializer")) {
                bytes.setProperty(key, value);
              }
            });
    return bytes;
  }
}
