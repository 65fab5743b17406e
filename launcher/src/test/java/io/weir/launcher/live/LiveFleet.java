package io.weir.launcher.live;

import io.weir.launcher.config.TestConfigs;
import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.role.LocalSystem;
import io.weir.launcher.role.Ports;
import io.weir.launcher.role.Stages;
import io.weir.sim.EngineServer;
import io.weir.sim.Timing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole system with engines of real timing, its traffic, and what is seen of it in the topics.
 */
final class LiveFleet implements AutoCloseable {
  /**
   * As {@code up} runs it, but that what takes a minute there takes seconds here, and that distance
   * counts: these few heavy requests would not mind it.
   */
  static final String COMMON =
      """
      ingress: {port: 0}
      dispatcher: {port: 0}
      controller: {port: 0}
      embedded: {broker-port: 0, registry-port: 0}
      weights:
        plan: {heartbeat: 2s, ramp-time: 10s, rtt-weight: 20}
      """;

  /** What a request of {@link #load} asks for; the A100's 7 requests a second are its limit. */
  static final int PROMPT_TOKENS = 2000;

  static final int OUTPUT_TOKENS = 16;

  /** Seconds of an A100 that such a request takes, by the profile. */
  static final double WORK_SECONDS = 0.0667e-3 * PROMPT_TOKENS + 0.18e-3 * OUTPUT_TOKENS;

  private static final Logger LOG = LoggerFactory.getLogger(LiveFleet.class);

  private final Path folder;
  private final LocalSystem system;
  private final EventLog log;
  private final List<OpenLoad> loads = new ArrayList<>();

  private LiveFleet(Path folder, LocalSystem system, EventLog log) {
    this.folder = folder;
    this.system = system;
    this.log = log;
  }

  static LiveFleet start(String yaml, Optional<Timing> timing)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("weir-live-");
    WeirConfig config = TestConfigs.of(yaml + COMMON);
    LocalSystem system =
        LocalSystem.start(
            config, new Ports(0), folder, timing, new Stages(new PrintWriter(Writer.nullWriter())));
    return new LiveFleet(folder, system, EventLog.of(system.kafka()));
  }

  LocalSystem system() {
    return system;
  }

  EventLog log() {
    return log;
  }

  EngineServer engine(String id) {
    return system.engines().servers().get(id);
  }

  /** Traffic of one source until the fleet is closed. */
  OpenLoad load(String source, String model, double perSecond) {
    OpenLoad load =
        OpenLoad.start(
            system.ingresses().get(source),
            model,
            PROMPT_TOKENS,
            OUTPUT_TOKENS,
            perSecond,
            loads.size() + 1);
    loads.add(load);
    return load;
  }

  /** Asks the admin API for something to be done to an engine. */
  int admin(String engine, String action) throws IOException, InterruptedException {
    URI uri = system.controller().uri().resolve("/admin/engines/" + engine + "/" + action);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }

  /** Waits, patiently, until something is so. */
  static void until(String what, Callable<Boolean> so) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(so);
  }

  /** Lets the fleet run. */
  static void untilPast(long moment) {
    until("time passes", () -> System.currentTimeMillis() >= moment);
  }

  /** Waits until the topics have told of everything that happened before a moment. */
  void seen(long moment) {
    until("dispatches are seen", () -> !log.dispatchesSince(moment).isEmpty());
  }

  /** Waits until weights are in force and steady traffic goes by them. */
  void settled(long millis) {
    until(
        "dispatchers apply weights",
        () -> log.dispatchesSince(0).stream().anyMatch(one -> !one.version().isEmpty()));
    untilPast(System.currentTimeMillis() + millis);
  }

  /** A measurement, for the record. */
  static void measured(String what, Object value) {
    LOG.info("measured {}: {}", what, value);
    System.out.println("measured " + what + ": " + value);
  }

  @Override
  public void close() throws IOException {
    loads.forEach(OpenLoad::close);
    loads.forEach(load -> measured("outcomes", load.outcomes()));
    log.close();
    system.close();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
