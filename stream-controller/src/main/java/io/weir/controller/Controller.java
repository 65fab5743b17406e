package io.weir.controller;

import io.weir.controller.admin.AdminServer;
import io.weir.controller.admin.WeightTables;
import io.weir.controller.batches.BatchRunner;
import io.weir.controller.callbacks.Callbacks;
import io.weir.controller.fleet.FleetTopics;
import io.weir.controller.fleet.FleetWriteException;
import io.weir.controller.fleet.UrlCredentials;
import io.weir.controller.requests.RequestKeeper;
import io.weir.controller.requests.RequestKeeper.Limits;
import io.weir.controller.requests.RequestKeeper.World;
import io.weir.controller.requests.RequestLookup;
import io.weir.controller.requests.RequestLookup.NotYet;
import io.weir.controller.requests.RequestStreams;
import io.weir.controller.telemetry.EngineTelemetry;
import io.weir.controller.tenants.TenantRules;
import io.weir.controller.tenants.TenantTopics;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Secret;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.FleetRecords;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Role;
import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Identity;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Members;
import io.weir.schemas.members.Membership;
import io.weir.schemas.tenants.TenantSpending;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream controller: publishes the fleet, samples the engines that are its own among all
 * controllers, and answers operators.
 */
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String host;
  private final String instance;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final ControllerMetrics metrics;
  private final FleetTopics topics;
  private final EngineTelemetry telemetry;
  private final Membership membership;
  private final WeightTables weights;
  private final TenantTopics tenants;
  private final TenantSpending spending;
  private final AdminServer admin;
  private final Heartbeats heartbeats;
  private final RequestKeeper requests;
  private final BatchRunner batches;
  private volatile Settings settings;
  private volatile boolean published;

  /** False while parts are missing, and when it closes: then nothing is its own. */
  private volatile boolean assembled;

  // Guarded by this.
  private List<String> controllers = List.of();

  /**
   * What a configuration file says.
   *
   * @param fleet all of it
   * @param keys bearer tokens by engine id, which are never published
   */
  private record Settings(Fleet fleet, Map<String, Secret> keys) {
    static Settings of(Fleet fleet) {
      Map<String, Secret> keys = new HashMap<>();
      for (int i = 0; i < fleet.engines().size(); i++) {
        Engine engine = fleet.engines().get(i);
        try {
          UrlCredentials.refuse(engine);
        } catch (ConfigException problem) {
          throw new ConfigException("engines[" + i + "]." + problem.key(), problem.problem());
        }
        engine.apiKey().ifPresent(key -> keys.put(engine.id(), key));
      }
      return new Settings(fleet, Map.copyOf(keys));
    }
  }

  /**
   * Starts a controller; when this returns, the topics say what the configuration says. The topics
   * have to exist.
   *
   * @param config where it listens and how it asks engines
   * @param fleet what the configuration file says
   * @param kafka how to reach Kafka
   * @throws ConfigException if the fleet cannot be published as it is
   * @throws IllegalStateException if Kafka cannot be reached in time
   * @throws InterruptedException if interrupted while waiting for Kafka
   */
  public static Controller start(ControllerConfig config, Fleet fleet, KafkaSettings kafka)
      throws InterruptedException {
    return start(config, fleet, kafka, LeaseTerms.STANDARD);
  }

  static Controller start(
      ControllerConfig config, Fleet fleet, KafkaSettings kafka, LeaseTerms terms)
      throws InterruptedException {
    return new Controller(config, Settings.of(fleet), kafka, terms);
  }

  private Controller(ControllerConfig config, Settings first, KafkaSettings kafka, LeaseTerms terms)
      throws InterruptedException {
    this.host = config.host();
    this.settings = first;
    this.instance = config.instanceId().orElseGet(() -> "controller-" + UUID.randomUUID());
    boolean started = false;
    String advertised = config.advertisedHost().orElse(host);
    AtomicReference<Optional<RequestKeeper>> states = new AtomicReference<>(Optional.empty());
    try {
      this.metrics = own(new ControllerMetrics());
      this.topics = own(FleetTopics.open(kafka, instance, Clock.systemUTC(), this::reconcile));
      this.weights = own(new WeightTables(kafka, instance));
      this.tenants = own(TenantTopics.open(kafka, instance, Clock.systemUTC()));
      this.spending = own(TenantSpending.follow(kafka, instance));
      this.telemetry =
          own(new EngineTelemetry(kafka, instance, config.telemetry(), this::holdsLease, metrics));
      this.membership = own(Membership.follow(kafka, instance, terms, this::membersChanged));
      this.admin =
          own(
              new AdminServer(
                  config.host(),
                  config.port(),
                  new AdminServer.Access(config.apiKey(), hosts(config)),
                  new AdminServer.Sources(
                      topics,
                      telemetry,
                      membership,
                      weights,
                      () -> settings.fleet(),
                      id ->
                          states
                              .get()
                              .<RequestLookup>map(each -> each.find(id))
                              .orElse(new NotYet()),
                      id ->
                          states
                              .get()
                              .<RequestLookup>map(each -> each.here(id))
                              .orElse(new NotYet()),
                      this::isReady,
                      metrics.registry(),
                      tenants,
                      spending)));
      this.heartbeats =
          own(
              Heartbeats.start(
                  new Identity(
                      instance,
                      Role.CONTROLLER,
                      Optional.empty(),
                      "http://" + named(advertised) + ":" + port()),
                  terms,
                  kafka,
                  List::of));
      Callbacks callbacks =
          own(
              new Callbacks(
                  config.callbacks(), kafka, instance, Clock.systemUTC(), metrics::callback));
      this.requests =
          own(
              new RequestKeeper(
                  kafka,
                  new RequestStreams.Settings(
                      instance,
                      new HostInfo(advertised, port()),
                      stateDir(config),
                      config.requests().standbyReplicas(),
                      config.requests().threads()),
                  new World(membership::current, terms, () -> settings.fleet(), this::holdsLease),
                  new Limits(config.requests().maxAttempts(), config.requests().retention()),
                  callbacks,
                  metrics::recovered));
      states.set(Optional.of(requests));
      this.batches =
          own(
              new BatchRunner(
                  kafka,
                  instance,
                  config.batches(),
                  () -> settings.fleet(),
                  () -> holdsLease() && isFirst(),
                  TenantRules.of(tenants::tenant, spending, Clock.systemUTC())));
      watch();
      assembled = true;
      reconcile();
      if (!topics.awaitCaughtUp(PATIENCE)) {
        throw new IllegalStateException(
            "The fleet's topics could not be read within %s; check kafka.bootstrap.servers."
                .formatted(PATIENCE));
      }
      publish(first);
      started = true;
    } catch (FleetWriteException notWritten) {
      throw new IllegalStateException(notWritten.getMessage(), notWritten);
    } finally {
      if (!started) {
        closeOwned();
      }
    }
    LOG.info("controller_started instance={} uri={}", instance, uri());
    if (config.apiKey().isEmpty() && !isLoopback(config.host())) {
      LOG.warn("anybody who reaches {} can drain engines; set controller.api-key", uri());
    }
  }

  /**
   * Where its stores are: two processes never share a directory, and one that is started again with
   * the same name, or on the same port, finds what it had.
   */
  private Path stateDir(ControllerConfig config) {
    String name = config.instanceId().orElseGet(() -> Integer.toString(port()));
    return config
        .requests()
        .stateDir()
        .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "weir-controller"))
        .resolve(name);
  }

  /** Names under which it may be reached: members use the one that it tells them. */
  private static List<String> hosts(ControllerConfig config) {
    return Stream.concat(config.allowedHosts().stream(), config.advertisedHost().stream()).toList();
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  private void watch() {
    metrics.watch("weir.controller.engines", topics, each -> each.engines().size());
    metrics.watch("weir.controller.engines.owned", telemetry, EngineTelemetry::owned);
    metrics.watch("weir.controller.members", membership, each -> each.current().live().size());
    metrics.watch("weir.controller.requests.partitions", requests, RequestKeeper::owned);
    metrics.watch("weir.controller.requests.claims", requests, RequestKeeper::claims);
    metrics.watch("weir.controller.requests.running", requests, each -> each.isRunning() ? 1 : 0);
    metrics.watch(batches);
    metrics.watch("weir.controller.lease.held", this, each -> each.holdsLease() ? 1 : 0);
  }

  /**
   * Publishes what a configuration file says now: new and changed engines and distances, and that
   * others are no more. What was drained stays drained, what was added at run time stays.
   *
   * @throws ConfigException if it cannot be published as it is; then everything stays as it was
   * @throws FleetWriteException if Kafka did not take all of it; trying again completes it
   */
  public void apply(Fleet fleet) throws FleetWriteException, InterruptedException {
    publish(Settings.of(fleet));
  }

  private void publish(Settings next) throws FleetWriteException, InterruptedException {
    Settings before = settings;
    // Keys have to be there when engines are asked for the first time.
    settings = next;
    try {
      metrics.fleetPublished(
          topics.publish(
              FleetRecords.engines(next.fleet()), FleetRecords.links(next.fleet(), Instant.now())));
      published = true;
    } catch (FleetWriteException notWritten) {
      metrics.fleetNotPublished();
      settings = before;
      throw notWritten;
    }
    reconcile();
  }

  private void membersChanged(Members members) {
    synchronized (this) {
      List<String> now = members.ids(Role.CONTROLLER);
      if (now.equals(controllers)) {
        return;
      }
      LOG.info("controllers alive: {}", now);
      controllers = now;
    }
    reconcile();
  }

  /** Takes over what is its own now, and lets go of everything else. */
  private synchronized void reconcile() {
    if (assembled && topics.isCaughtUp()) {
      Map<String, EngineSpec> engines = topics.engines();
      telemetry.update(engines.values(), settings.keys(), controllers);
      metrics.watchEngines(engines.keySet(), telemetry::latest);
    }
  }

  private boolean holdsLease() {
    return assembled && heartbeats.lease().isHeld();
  }

  /** True if of all controllers it is the one to do what only one should. */
  private boolean isFirst() {
    List<String> alive = membership.current().ids(Role.CONTROLLER);
    return !alive.isEmpty() && alive.getFirst().equals(instance);
  }

  /** True once it has published the fleet, knows everything, and is known to others. */
  public boolean isReady() {
    return assembled
        && published
        && holdsLease()
        && membership.isCaughtUp()
        && telemetry.isCaughtUp()
        && weights.isCaughtUp()
        && tenants.isCaughtUp()
        && spending.isCaughtUp();
  }

  /** Its name among all members. */
  public String instance() {
    return instance;
  }

  /** Where the admin API is. */
  public URI uri() {
    return URI.create("http://" + named(host) + ":" + port());
  }

  private static String named(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** True while it can say of its requests how they stand, and recovers them. */
  public boolean knowsRequests() {
    return assembled && requests.isRunning();
  }

  /** The port of the admin API. */
  public int port() {
    return admin.port();
  }

  /** Stops sampling, says that it leaves, and closes. */
  @Override
  public void close() {
    synchronized (this) {
      assembled = false;
      // Others take over as soon as they hear that it leaves.
      telemetry.update(List.of(), Map.of(), List.of());
    }
    closeOwned();
    LOG.info("controller_stopped instance={}", instance);
  }

  private <C extends AutoCloseable> C own(C part) {
    owned.push(part);
    return part;
  }

  private void closeOwned() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        LOG.warn("part_not_closed instance={}", instance, e);
      }
    }
  }
}
