package io.weir.dispatcher;

import io.weir.routing.fleet.Fleet;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps up with the fleet: takes in what others say of it, and says what was measured here. */
final class FleetWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetWatch.class);
  private static final Duration BEAT = Duration.ofMillis(500);

  private final EngineDirectory directory;
  private final Shares shares;
  private final RttPublisher rtts;
  private final FleetFeed feed;
  private final ScheduledExecutorService timer;

  private FleetWatch(
      EngineDirectory directory, Shares shares, RttPublisher rtts, FleetFeed feed, String member) {
    this.directory = directory;
    this.shares = shares;
    this.rtts = rtts;
    this.feed = feed;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weir-fleet-" + member).daemon(true).factory());
  }

  /**
   * Whose eyes it is.
   *
   * @param source whose traffic is dispatched here
   * @param member id of this dispatcher
   */
  record Site(String source, String member, KafkaSettings kafka, Clock clock) {}

  /**
   * Begins with the configured engines, and goes on with what is said of them.
   *
   * @param producer for what was measured
   */
  static FleetWatch start(
      Site site,
      Fleet fleet,
      List<PoolDesk> desks,
      EngineDirectory.Opener opener,
      EngineDirectory.Hosting hosting,
      DispatcherMetrics metrics,
      Producer<String, SpecificRecord> producer) {
    Map<String, PoolDesk> byPool = new HashMap<>();
    desks.forEach(desk -> byPool.put(desk.pool(), desk));
    EngineDirectory directory = new EngineDirectory(byPool, opener, hosting);
    directory.configured(fleet.engines());
    TableIntake tables = new TableIntake(site.source(), byPool, hosting, metrics, site.clock());
    FleetWatch watch =
        new FleetWatch(
            directory,
            new Shares(site.kafka(), site.member(), site.source(), desks, hosting),
            new RttPublisher(
                new RttReport(site.source(), site.clock(), System::nanoTime), producer),
            FleetFeed.start(
                site.kafka(), site.member(), new Listener(directory, tables, site.clock())),
            site.member());
    var unused =
        watch.timer.scheduleWithFixedDelay(
            watch::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  private record Listener(EngineDirectory directory, TableIntake tables, Clock clock)
      implements FleetFeed.Listener {
    @Override
    public void engine(String id, Optional<EngineSpec> spec) {
      directory.heard(id, spec);
    }

    @Override
    public void weights(RoutingWeights table) {
      tables.offer(table);
    }

    @Override
    public void caughtUp() {
      directory.caughtUp();
    }

    @Override
    public void sample(EngineSample sample) {
      directory.sample(sample, clock.millis() - sample.getAt().toEpochMilli());
    }
  }

  /** True if somebody is alive who takes care of what a dispatcher leaves behind. */
  boolean controllerLives() {
    return shares.controllerLives();
  }

  private void beat() {
    try {
      shares.review();
      rtts.publish(directory.all());
    } catch (RuntimeException fault) {
      LOG.error("fleet not watched for a moment", fault);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    feed.close();
    shares.close();
    directory.close();
  }
}
