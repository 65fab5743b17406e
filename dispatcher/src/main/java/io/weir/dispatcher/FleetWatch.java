package io.weir.dispatcher;

import io.weir.routing.fleet.Fleet;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps up with the fleet: takes in what others say of it, and says what was measured here. */
final class FleetWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetWatch.class);
  private static final Duration BEAT = Duration.ofMillis(500);

  private final EngineDirectory directory;
  private final RttReport rtts;
  private final Producer<String, SpecificRecord> producer;
  private final KafkaSettings kafka;
  private final String member;
  private final ScheduledExecutorService timer;
  private Optional<FleetFeed> feed = Optional.empty();

  FleetWatch(
      EngineDirectory directory,
      RttReport rtts,
      Producer<String, SpecificRecord> producer,
      KafkaSettings kafka,
      String member) {
    this.directory = directory;
    this.rtts = rtts;
    this.producer = producer;
    this.kafka = kafka;
    this.member = member;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weir-fleet-" + member).daemon(true).factory());
  }

  /** Begins with the configured engines, and goes on with what is said of them. */
  void start(Fleet fleet) {
    directory.configured(fleet.engines());
    feed = Optional.of(FleetFeed.start(kafka, member, new Listener()));
    var unused =
        timer.scheduleWithFixedDelay(
            this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private final class Listener implements FleetFeed.Listener {
    @Override
    public void engine(String id, Optional<EngineSpec> spec) {
      directory.heard(id, spec);
    }

    @Override
    public void weights(RoutingWeights table) {}

    @Override
    public void caughtUp() {
      directory.caughtUp();
    }

    @Override
    public void sample(EngineSample sample) {}
  }

  private void beat() {
    try {
      rtts.due(directory.all()).forEach(this::publish);
    } catch (RuntimeException fault) {
      LOG.error("fleet not watched for a moment", fault);
    }
  }

  private void publish(GeoLink link) {
    var unused =
        producer.send(
            new ProducerRecord<>(Topics.geography(), RttReport.key(link), link),
            (metadata, failure) -> {
              if (failure != null) {
                // It is measured and said again within 30 s.
                LOG.debug("round trip not published: {}", failure.toString());
              }
            });
  }

  @Override
  public void close() {
    feed.ifPresent(FleetFeed::close);
    timer.shutdownNow();
    directory.close();
  }
}
