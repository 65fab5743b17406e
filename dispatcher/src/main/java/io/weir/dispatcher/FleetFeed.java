package io.weir.dispatcher;

import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what others say about the fleet: engines and weights from the beginning, since their topics
 * hold what is in force; telemetry from now on, since only the newest counts. Nothing waits for it.
 */
final class FleetFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetFeed.class);

  private final TopicFollower inForce;
  private final TopicFollower telemetry;

  /** Hears of it, on the followers' threads. */
  interface Listener {
    /** What an engine is wanted to be; nothing if it was removed. */
    void engine(String id, Optional<EngineSpec> spec);

    void weights(RoutingWeights table);

    /** All engines and weights that were in force at start have been told. */
    void caughtUp();

    void sample(EngineSample sample);
  }

  private FleetFeed(TopicFollower inForce, TopicFollower telemetry) {
    this.inForce = inForce;
    this.telemetry = telemetry;
  }

  /** Begins to read; returns at once. */
  static FleetFeed start(KafkaSettings kafka, String member, Listener listener) {
    return new FleetFeed(
        TopicFollower.start(
            kafka,
            member + "-fleet",
            List.of(Topics.engines(), Topics.weights()),
            Start.BEGINNING,
            new TopicFollower.Listener() {
              @Override
              public void record(ConsumerRecord<String, SpecificRecord> record) {
                tell(record, listener);
              }

              @Override
              public void caughtUp() {
                listener.caughtUp();
              }
            }),
        TopicFollower.start(
            kafka,
            member + "-telemetry",
            List.of(Topics.telemetry()),
            Start.END,
            record -> tell(record, listener)));
  }

  private static void tell(ConsumerRecord<String, SpecificRecord> record, Listener listener) {
    switch (record.value()) {
      case null -> {
        if (record.topic().equals(Topics.engines())) {
          listener.engine(record.key(), Optional.empty());
        }
      }
      case EngineSpec spec -> listener.engine(spec.getId(), Optional.of(spec));
      case RoutingWeights table -> listener.weights(table);
      case EngineSample sample -> listener.sample(sample);
      default ->
          LOG.warn(
              "topic={} offset={} holds a {}",
              record.topic(),
              record.offset(),
              record.value().getSchema().getName());
    }
  }

  @Override
  public void close() {
    inForce.close();
    telemetry.close();
  }
}
