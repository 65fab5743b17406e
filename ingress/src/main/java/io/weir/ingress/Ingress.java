package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.weir.ingress.admission.AdmissionControl;
import io.weir.ingress.admission.PlanFollower;
import io.weir.ingress.connection.ConnectionTimeouts;
import io.weir.ingress.connection.Connections;
import io.weir.ingress.idempotency.Idempotency;
import io.weir.ingress.jobs.JobStore;
import io.weir.ingress.leave.Departures;
import io.weir.ingress.leave.Notices;
import io.weir.ingress.lookup.Controllers;
import io.weir.ingress.memory.MemoryBudget;
import io.weir.ingress.reply.AnswerReaders;
import io.weir.ingress.reply.Interruption;
import io.weir.ingress.reply.ReplyPartition;
import io.weir.ingress.reply.ReplyReader;
import io.weir.ingress.reply.ReplyTails;
import io.weir.ingress.tenant.Tenants;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.Source;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Role;
import io.weir.schemas.Topics;
import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Identity;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Membership;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingress of one source: takes OpenAI's requests over HTTP, writes each to Kafka before its
 * client waits, and gives the client the answer that comes back over Kafka.
 */
public final class Ingress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ingress.class);

  /** After the drain, for clients to be told that there will be no answer. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private static final int PATH_BYTES = 8 << 10;

  /** What a form has beside its file, at most. */
  private static final long FORM_BYTES = 64 << 10;

  private final IngressConfig config;
  private final String instance;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final Api api;
  private final ReplyReader replies;
  private final ReplyTails tails;
  private final WebServer server;
  private final int port;

  /**
   * Starts an ingress; when this returns it takes requests. The topics of its source must exist.
   *
   * @param config where it listens and what it allows
   * @param fleet the models there are
   * @param source where its requests enter
   * @param kafka how to reach Kafka
   * @throws IllegalStateException if Kafka or a topic cannot be reached in time
   * @throws InterruptedException if interrupted while waiting for Kafka
   */
  public static Ingress start(IngressConfig config, Fleet fleet, Source source, KafkaSettings kafka)
      throws InterruptedException {
    return new Ingress(config, fleet, source, kafka);
  }

  private Ingress(IngressConfig config, Fleet fleet, Source source, KafkaSettings kafka)
      throws InterruptedException {
    this.config = config;
    this.instance =
        config.instanceId().orElseGet(() -> "ingress-" + source.name() + "-" + Ulid.fast());
    IngressMetrics metrics = new IngressMetrics();
    boolean started = false;
    try {
      Duration patience = config.timeouts().start();
      ReplyPartition partition =
          ReplyPartition.choose(kafka, Topics.responses(source.name()), instance, patience);
      this.replies = own(new ReplyReader(partition, metrics.registry()));
      this.tails = own(new ReplyTails(kafka, replies, metrics.registry()));
      AnswerReaders readers = own(readers(kafka, metrics));
      RequestPublisher publisher = own(new RequestPublisher(kafka, config, instance, metrics));
      publisher.warmUp(lanes(fleet, source), patience);
      Notices notices = own(new Notices(kafka, metrics.registry()));
      Departures departures =
          own(
              new Departures(
                  notices,
                  instance,
                  notices.partitions(Topics.idempotency(), patience),
                  tails::isAwaited,
                  config.limits().requests(),
                  metrics.registry()));
      Idempotency idempotency =
          own(
              new Idempotency(
                  kafka,
                  instance,
                  config.limits().idempotencyKeys(),
                  config.timeouts().produce(),
                  Clock.systemUTC(),
                  departures::heard,
                  metrics.registry()));
      Tenants tenants = own(Tenants.follow(kafka, instance, fleet));
      AdmissionControl admission =
          new AdmissionControl(
              fleet,
              source.name(),
              config.admission(),
              tenants::weight,
              System::nanoTime,
              metrics.registry());
      own(new PlanFollower(kafka, instance, admission, Clock.systemUTC()));
      ShedLog sheds = new ShedLog(instance, publisher::tell, System::nanoTime, metrics.registry());
      Membership membership =
          own(
              Membership.follow(
                  kafka,
                  instance,
                  LeaseTerms.STANDARD,
                  members -> {
                    admission.heard(members);
                    tenants.heard(members);
                    sheds.flush();
                  }));
      Controllers controllers =
          own(
              new Controllers(
                  membership,
                  config.controllerKey(),
                  config.timeouts().lookup(),
                  config.limits().lookups(),
                  metrics.registry()));
      JobStore jobs =
          own(
              new JobStore(
                  kafka,
                  instance,
                  config.limits().files(),
                  config.limits().batches(),
                  config.timeouts().produce(),
                  Clock.systemUTC(),
                  metrics.registry()));
      if (!replies.awaitReady(patience)) {
        throw new IllegalStateException(
            "The end of %s could not be found within %s."
                .formatted(partition.partition(), patience));
      }
      if (!tenants.awaitKnown(patience)) {
        throw new IllegalStateException(
            "The tenants could not be read within %s; check the topics %s, %s and %s."
                .formatted(patience, Topics.tenants(), Topics.tenantKeys(), Topics.tenantSpend()));
      }
      if (!jobs.awaitReady(patience)) {
        // Completions do without them; who asks for a file meanwhile is told to ask again.
        LOG.warn("jobs_not_read within={}; files and batches are refused until they are", patience);
      }
      Connections connections =
          own(
              new Connections(
                  http(config), timeouts(config), ErrorPages.slowRequest(), metrics.registry()));
      MemoryBudget liveMemory = new MemoryBudget(config.limits().liveMemory().bytes());
      ClientLimit clients = new ClientLimit(config.limits().requests(), metrics);
      Reattachment reattachment = new Reattachment(config, tails, readers, liveMemory, departures);
      Intake intake =
          new Intake(
              config,
              fleet,
              source,
              publisher,
              tenants,
              admission,
              sheds,
              replies,
              liveMemory,
              idempotency,
              metrics);
      RequestLookup lookup =
          new RequestLookup(config, controllers, reattachment, notices, admission);
      MemoryBudget collected = new MemoryBudget(config.limits().liveMemory().bytes());
      this.api =
          new Api(
              new Authenticator(config.apiKeys(), tenants),
              tenants,
              new Completions(
                  config,
                  source.name(),
                  clients,
                  intake,
                  replies,
                  readers,
                  idempotency,
                  departures,
                  reattachment,
                  metrics),
              new RequestsApi(lookup, collected, clients),
              new ResponsesApi(lookup, collected, clients),
              new JobPaths(
                  new FilesApi(jobs, config.limits()),
                  new BatchesApi(jobs, source.name(), tenants)),
              new Models(fleet, Instant.now()),
              metrics,
              replies::isReady,
              config.timeouts().drain().toMillis());
      this.server = server(config, connections, api).start();
      this.port = server.port();
      own(
          Heartbeats.start(
              new Identity(instance, Role.INGRESS, Optional.of(source.name()), uri().toString()),
              kafka,
              List::of,
              tenants::beat));
      started = true;
    } finally {
      if (!started) {
        closeOwned();
      }
    }
    LOG.info(
        "ingress_started source={} instance={} uri={} replies={}",
        source.name(),
        instance,
        uri(),
        replies.address().getPartition());
  }

  private AnswerReaders readers(KafkaSettings kafka, IngressMetrics metrics) {
    IngressLimits limits = config.limits();
    return new AnswerReaders(
        kafka,
        limits.liveBuffer().toIntBytes(),
        Math.toIntExact(limits.liveMemory().bytes() / limits.liveBuffer().bytes()),
        limits.refillReaders(),
        limits.requests(),
        metrics.registry());
  }

  private static List<String> lanes(Fleet fleet, Source source) {
    return fleet.pools().stream()
        .flatMap(
            pool ->
                Arrays.stream(RequestClass.values())
                    .map(each -> Topics.requests(source.name(), pool.name(), each)))
        .toList();
  }

  private static Http1Config http(IngressConfig config) {
    return Http1Config.builder()
        .maxPrologueLength(PATH_BYTES)
        .maxHeadersSize(config.limits().headers().toIntBytes())
        .sendKeepAliveHeader(false)
        .build();
  }

  private static ConnectionTimeouts timeouts(IngressConfig config) {
    IngressTimeouts timeouts = config.timeouts();
    return new ConnectionTimeouts(
        timeouts.idle(), timeouts.headers(), timeouts.body(), timeouts.write());
  }

  private static WebServer server(IngressConfig config, Connections connections, Api api) {
    return WebServer.builder()
        .host(config.host())
        .port(config.port())
        .protocolsDiscoverServices(false)
        .featuresDiscoverServices(false)
        .addConnectionSelector(connections)
        .directHandlers(ErrorPages.all(config.limits()))
        .maxTcpConnections(config.limits().connections())
        // What is not a file is held to a smaller limit by who receives it.
        .maxPayloadSize(
            Math.max(config.limits().body().bytes(), config.limits().file().bytes() + FORM_BYTES))
        // Each write is a whole piece already.
        .writeBufferSize(0)
        .shutdownGracePeriod(config.timeouts().drain().plus(FAREWELL))
        .shutdownHook(false)
        .routing(HttpRouting.builder().any(api))
        .build();
  }

  /** Where clients reach it. */
  public URI uri() {
    return URI.create("http://" + config.host() + ":" + port());
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Its name among all members. */
  public String instance() {
    return instance;
  }

  /** True while answers can be received. */
  public boolean isReady() {
    return replies.isReady();
  }

  /** Takes no new requests, finishes what runs within the drain time, and tells the rest. */
  @Override
  public void close() {
    long start = System.nanoTime();
    api.drain();
    Thread farewell = Thread.ofVirtual().name("weir-ingress-farewell").start(this::sayFarewell);
    server.stop();
    farewell.interrupt();
    closeOwned();
    LOG.info(
        "ingress_stopped instance={} took_ms={}",
        instance,
        Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  private void sayFarewell() {
    try {
      Thread.sleep(config.timeouts().drain());
      tails.waiting().forEach(exchange -> exchange.interrupt(Interruption.SHUTTING_DOWN));
    } catch (InterruptedException e) {
      LOG.trace("drained in time", e);
    }
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
