package io.weir.controller.telemetry;

import io.weir.routing.config.Secret;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples the engines that are this controller's own, and knows the newest sample of every engine.
 */
public final class EngineTelemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineTelemetry.class);
  private static final Duration FLUSH = Duration.ofMillis(500);

  private final String self;
  private final ScrapeListener listener;
  private final LatestSamples latest = new LatestSamples(System::nanoTime);
  private final KafkaProducer<String, EngineSample> producer;
  private final PageReader pages;
  private final Scrapers scrapers;
  private final TopicFollower follower;
  private volatile Set<String> engines = Set.of();

  /**
   * Begins to follow samples, and to take those of the engines it is given. The topic has to exist.
   *
   * @param self this controller's id
   * @param mayAct whether this controller still is who it takes itself for
   */
  public EngineTelemetry(
      KafkaSettings kafka,
      String self,
      TelemetryConfig config,
      BooleanSupplier mayAct,
      ScrapeListener listener) {
    this.self = self;
    this.listener = listener;
    this.producer = new KafkaProducer<>(kafka.producer(settings(self)));
    this.pages = new PageReader(config);
    this.scrapers =
        new Scrapers(
            self, config, pages, Clock.systemUTC(), mayAct, latest::epoch, this::publish, listener);
    this.follower =
        TopicFollower.start(
            kafka,
            self + "-telemetry",
            List.of(Topics.telemetry()),
            Start.END,
            record -> {
              if (record.value() instanceof EngineSample sample) {
                saw(sample);
              }
            });
  }

  private static Map<String, Object> settings(String self) {
    return Map.of(
        ProducerConfig.CLIENT_ID_CONFIG,
        self + "-telemetry",
        ProducerConfig.LINGER_MS_CONFIG,
        "5",
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        // A sample that cannot be written soon is stale.
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        "1500",
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        "3000",
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        "200",
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Integer.toString(8 << 20));
  }

  /** True once samples are followed. */
  public boolean isCaughtUp() {
    return follower.isCaughtUp();
  }

  /**
   * Takes over what is its own, and lets go of everything else.
   *
   * @param fleet all engines
   * @param keys bearer tokens by engine id
   * @param controllers ids of all controllers that are alive
   */
  public void update(
      Collection<EngineSpec> fleet, Map<String, Secret> keys, Collection<String> controllers) {
    Set<String> ids = new HashSet<>();
    fleet.forEach(spec -> ids.add(spec.getId()));
    engines = ids;
    latest.retain(ids);
    scrapers.own(
        fleet.stream()
            .filter(spec -> Ownership.ownerOf(spec.getId(), controllers).equals(Optional.of(self)))
            .flatMap(spec -> target(spec, Optional.ofNullable(keys.get(spec.getId()))).stream())
            .toList());
  }

  private static Optional<EngineTarget> target(EngineSpec spec, Optional<Secret> key) {
    try {
      return Optional.of(EngineTarget.of(spec, key));
    } catch (IllegalArgumentException malformed) {
      LOG.warn("engine={} cannot be asked: {}", spec.getId(), malformed.getMessage());
      return Optional.empty();
    }
  }

  /** The newest sample of an engine, by whomever. */
  public Optional<SeenSample> latest(String engine) {
    return latest.find(engine);
  }

  /** How many engines are its own. */
  public int owned() {
    return scrapers.size();
  }

  private void saw(EngineSample sample) {
    if (engines.contains(sample.getEngine())) {
      latest.saw(sample);
      scrapers.saw(sample);
    }
  }

  private void publish(EngineSample sample) {
    try {
      // The callback hears of it.
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.telemetry(), sample.getEngine(), sample),
              (metadata, failure) -> {
                if (failure != null) {
                  lost(sample, failure);
                }
              });
    } catch (RuntimeException failure) {
      lost(sample, failure);
    }
  }

  private void lost(EngineSample sample, Exception failure) {
    listener.lost();
    LOG.debug("sample of engine={} lost: {}", sample.getEngine(), failure.toString());
  }

  @Override
  public void close() {
    scrapers.close();
    pages.close();
    follower.close();
    producer.close(FLUSH);
  }
}
