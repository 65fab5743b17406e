package io.weir.dispatcher;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.dispatcher.Watchdog.Bite;
import io.weir.dispatcher.answer.Coalescer;
import io.weir.dispatcher.http.Endpoint;
import io.weir.dispatcher.http.EngineConnections;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.ServiceTerms;
import io.weir.routing.fleet.Source;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Role;
import io.weir.schemas.Tenant;
import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Identity;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.tenants.TenantDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests of one source from their lanes when an engine has room, runs them there, and
 * streams the answers into the reply partitions. Several dispatchers of a source share its lanes.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration SWEEP = Duration.ofMillis(50);

  /** After the drain: for ENDs and terminals of what had to be stopped. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final Duration FLUSH = Duration.ofSeconds(1);

  private final DispatcherConfig config;
  private final String source;
  private final Watchdog watchdog;
  private final Coalescer coalescer;
  private final KafkaProducer<String, SpecificRecord> producer;
  private final KafkaProducer<String, SpecificRecord> lastWords;
  private final LifecycleLog lifecycle;
  private final TenantDirectory tenants;
  private final List<PoolDesk> desks;
  private final HealthProber prober;
  private final FleetWatch watch;
  private final Attempts attempts;
  private final DispatcherMetrics metrics;
  private final Fence fence;
  private final Cancellations cancellations;
  private final Requeues requeues;
  private final Lanes lanes;
  private final ScheduledExecutorService sweeper;
  private final PrometheusMeterRegistry registry;
  private final RolePages pages;
  private final Heartbeats heartbeats;

  private Dispatcher(
      DispatcherConfig config,
      Fleet fleet,
      Source source,
      KafkaSettings kafka,
      LongSupplier leaseClock) {
    this.config = config;
    this.source = source.name();
    Clock clock = Clock.systemUTC();
    String member =
        config.member().orElseGet(() -> "dispatcher-" + source.name() + "-" + AttemptIds.next());
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics = new DispatcherMetrics(registry);
    watchdog = new Watchdog(System::nanoTime);
    coalescer = new Coalescer(config.answers().coalesce());
    producer = new KafkaProducer<>(ClientSettings.producer(kafka, member));
    lastWords = new KafkaProducer<>(ClientSettings.lastWords(kafka, member));
    lifecycle = new LifecycleLog(producer, lastWords, metrics);
    tenants = TenantDirectory.follow(kafka, member);
    desks = fleet.pools().stream().map(pool -> desk(pool, fleet.service(), clock)).toList();
    desks.forEach(metrics::watch);
    prober = new HealthProber(config.health(), this.source, watchdog, System::nanoTime);
    fence = new Fence(metrics);
    cancellations = Cancellations.follow(kafka, member, source.name(), clock);
    metrics.watch(cancellations);
    Events eventMaker = new Events(member, clock);
    attempts =
        new Attempts(
            new EngineCall.Tools(
                config.calls(),
                config.answers(),
                source.name(),
                watchdog,
                coalescer,
                lifecycle,
                eventMaker,
                prober,
                new Custody(cancellations::contains),
                clock,
                System::nanoTime),
            new Conclusions(producer, lifecycle, eventMaker, metrics),
            metrics);
    prober.listener(
        (desk, engine, healthy) -> attempts.carryOut(desk, desk.health(engine, healthy)));
    AtomicInteger readers = new AtomicInteger();
    requeues =
        Requeues.start(
            source.name(),
            () -> reader(kafka, member, readers.getAndIncrement()),
            attempts,
            clock,
            metrics);
    lanes =
        new Lanes(
            new KafkaConsumer<>(ClientSettings.consumer(kafka, source, member, config.lanes())),
            config.lanes(),
            source.name(),
            desks,
            attempts,
            requeues,
            this::admission,
            metrics);
    sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weir-sweeper-" + source.name()).daemon(true).factory());
    pages = new RolePages(config.host(), config.port(), lanes::running, this::isReady, registry);
    watch =
        FleetWatch.start(
            new FleetWatch.Site(source.name(), member, kafka, clock),
            fleet,
            desks,
            this::open,
            new EngineHosting(prober, attempts, metrics),
            metrics,
            producer);
    heartbeats =
        Heartbeats.start(
            new Identity(
                member,
                Role.DISPATCHER,
                Optional.of(source.name()),
                "http://" + config.host() + ":" + pages.port()),
            LeaseTerms.STANDARD,
            kafka,
            () -> desks.stream().map(desk -> desk.load(lanes.positions(desk))).toList(),
            leaseClock);
  }

  /**
   * Starts a dispatcher; returns at once, before its lanes are assigned. The topics have to exist.
   *
   * @param source whose lanes it reads
   */
  public static Dispatcher start(
      DispatcherConfig config, Fleet fleet, Source source, KafkaSettings kafka) {
    return start(config, fleet, source, kafka, System::nanoTime);
  }

  /** With a clock of the caller's for the lease. */
  static Dispatcher start(
      DispatcherConfig config,
      Fleet fleet,
      Source source,
      KafkaSettings kafka,
      LongSupplier leaseClock) {
    Dispatcher dispatcher = new Dispatcher(config, fleet, source, kafka, leaseClock);
    dispatcher.begin();
    return dispatcher;
  }

  private static Requeues.Reader reader(KafkaSettings kafka, String member, int number) {
    return new Requeues.Reader(
        new Originals(new KafkaConsumer<>(ClientSettings.originals(kafka, member, number))),
        new ReplyTexts(() -> new KafkaConsumer<>(ClientSettings.replies(kafka, member, number))));
  }

  private PoolDesk desk(Pool pool, ServiceTerms service, Clock clock) {
    return new PoolDesk(
        source,
        pool,
        service,
        tenants::weight,
        tenant -> tenants.tenant(tenant).map(Tenant::getRegions).orElse(List.of()),
        config,
        clock,
        System::nanoTime,
        () -> ThreadLocalRandom.current().nextLong());
  }

  private EngineSlots open(EngineTerms terms) {
    return new EngineSlots(
        terms,
        new EngineConnections(
            Endpoint.of(terms.url()),
            config.calls().connectTimeout(),
            terms.maxInFlight(),
            // The JVM's trust store, or javax.net.ssl.trustStore.
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            System::nanoTime),
        System::nanoTime);
  }

  private void begin() {
    var unused =
        sweeper.scheduleWithFixedDelay(
            this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    lanes.start();
    LOG.info("dispatcher started source={} port={} pools={}", source, port(), desks.size());
  }

  /** Port of the health and metrics pages. */
  public int port() {
    return pages.port();
  }

  /** True while it knows which lane partitions are its own, and may take requests from them. */
  public boolean isReady() {
    return lanes.running() && lanes.joined() && admission().isPresent();
  }

  /**
   * Under which requests may be taken now: all that were cancelled have to be known first, and
   * where tenants' requests may go.
   */
  private Optional<Tenure> admission() {
    return cancellations.isCaughtUp() && tenants.isCaughtUp() ? fence.tenure() : Optional.empty();
  }

  private void sweep() {
    try {
      fence.look(heartbeats);
      if (fence.tenure().isEmpty()) {
        watchdog.stopAll(Bite.FENCED);
      }
      if (cancellations.takeNews()) {
        letCancelledGo();
      }
      cancellations.forgetExpired();
      watchdog.look();
      lifecycle.writeFailedAgain();
      desks.forEach(
          desk -> {
            attempts.carryOut(desk, desk.sweep());
            desk.toPreempt().forEach(Preemptible::preempt);
          });
    } catch (RuntimeException fault) {
      LOG.error("sweep failed", fault);
    }
  }

  private void letCancelledGo() {
    desks.forEach(
        desk ->
            desk.removeIf(held -> cancellations.contains(held.request().getId()))
                .forEach(attempts::cancelled));
    watchdog.stop(cancellations::contains, Bite.CANCELLED);
  }

  /**
   * Stops taking requests and lets what it has taken finish for the drain time-out. What is left is
   * given back: the controllers find its claims once this dispatcher has said that it leaves. Only
   * where no controller is alive it is ended with an answer that says so.
   */
  @Override
  public void close() {
    lanes.close();
    requeues.close();
    if (!await(config.drainTimeout())) {
      letGo();
    }
    // Until here it holds requests, and is alive.
    lastWords.close(FLUSH);
    heartbeats.close();
    watch.close();
    tenants.close();
    cancellations.close();
    prober.close();
    sweeper.shutdown();
    coalescer.close();
    producer.close(FLUSH);
    pages.close();
    registry.close();
    LOG.info("dispatcher stopped source={}", source);
  }

  private void letGo() {
    if (watch.controllerLives()) {
      fence.release();
      metrics.givenBack(attempts.active() + desks.stream().mapToInt(PoolDesk::waiting).sum());
      desks.forEach(desk -> desk.removeIf(held -> true));
      watchdog.stopAll(Bite.FENCED);
    } else {
      desks.forEach(desk -> desk.removeIf(held -> true).forEach(attempts::stopped));
      attempts.stopNow();
      watchdog.stopAll(Bite.STOPPED);
    }
    if (!await(LAST_WORDS)) {
      LOG.warn("requests left without an end count={}", attempts.active());
    }
  }

  /** Waits until nothing is taken any more; false if that is not so in time. */
  private boolean await(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (attempts.active() > 0 || desks.stream().anyMatch(desk -> desk.waiting() > 0)) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return true;
  }
}
