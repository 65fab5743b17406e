package io.weir.sim;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineSignals;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulated engine that listens. It answers {@code /v1/chat/completions}, {@code
 * /v1/completions}, {@code /v1/responses}, {@code /v1/embeddings}, {@code /v1/models}, {@code
 * /health}, {@code /metrics} and {@code /admin/faults}; its text can be checked with {@link
 * io.weir.routing.engine.SimText}.
 */
public final class EngineServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineServer.class);
  private static final Duration GRACE = Duration.ofMillis(300);
  private static final EngineSignals NO_SIGNALS = new EngineSignals(0, 0, 0, 0, 0, 0, 0, 0);

  private final EngineServerConfig config;
  private final Optional<EngineLoop> engine;
  private final Faults faults;
  private final WebServer server;
  private final int port;

  private EngineServer(EngineServerConfig config) {
    this.config = config;
    EngineProfile profile = config.engineProfile();
    EngineMetrics metrics = new EngineMetrics(config.model(), profile);
    this.engine =
        config.timing() == Timing.INSTANT
            ? Optional.empty()
            : Optional.of(
                new EngineLoop(
                    config.model(), profile, config.speed(), config.maxWaiting(), metrics));
    this.faults = new Faults(factor -> engine.ifPresent(loop -> loop.slowDown(factor)));
    this.server = server(config, routing(config, profile, metrics));
    try {
      server.start();
    } catch (RuntimeException e) {
      engine.ifPresent(EngineLoop::close);
      throw e;
    }
    this.port = server.port();
    LOG.info("engine listens uri={} model={} timing={}", uri(), config.model(), config.timing());
  }

  /**
   * Starts an engine.
   *
   * @throws java.io.UncheckedIOException if it cannot listen on its port
   */
  public static EngineServer start(EngineServerConfig config) {
    return new EngineServer(config);
  }

  public int port() {
    return port;
  }

  /** Base URL, without {@code /v1}. */
  public URI uri() {
    return URI.create("http://" + config.host() + ":" + port);
  }

  /** What is wrong with it. */
  public Faults faults() {
    return faults;
  }

  /** What it reports about itself; zeros with instant timing. */
  public EngineSignals signals() {
    return engine.map(EngineLoop::signals).orElse(NO_SIGNALS);
  }

  /** Breaks off what is running and stops listening; takes at most two seconds. */
  @Override
  public void close() {
    engine.ifPresent(EngineLoop::close);
    faults.clear();
    server.stop();
  }

  private HttpRouting.Builder routing(
      EngineServerConfig config, EngineProfile profile, EngineMetrics metrics) {
    Set<String> models = new LinkedHashSet<>();
    models.add(config.model());
    models.addAll(config.aliases());
    Gate gate = new Gate(new Distance(config.roundTrips()), new Access(config.apiKey()), faults);
    AskParser parser = new AskParser(profile.blockSize());
    Completions completions =
        new Completions(engine, metrics, config.defaultOutputTokens(), profile.maxModelLen());
    Embeddings embeddings =
        new Embeddings(engine, metrics, config.embeddingDimensions(), profile.maxModelLen());
    HttpRouting.Builder routing = HttpRouting.builder();
    for (Endpoint endpoint : Endpoint.values()) {
      Consumer<Exchange> service =
          endpoint == Endpoint.EMBEDDINGS ? embeddings::serve : completions::serve;
      routing.post(
          endpoint.path(),
          new InferenceHandler(endpoint, gate, parser, Set.copyOf(models), faults, service));
    }
    new Routes(gate, metrics, this::signals, List.copyOf(models), profile.maxModelLen())
        .addTo(routing);
    return routing;
  }

  private static WebServer server(EngineServerConfig config, HttpRouting.Builder routing) {
    DirectHandlers.Builder errors = DirectHandlers.builder();
    for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
      errors.addHandler(event, EngineServer::httpError);
    }
    return WebServer.builder()
        .host(config.host())
        .port(config.port())
        .routing(routing)
        .protocolsDiscoverServices(false)
        .addConnectionSelector(new WatchableHttp1(Http1Config.create()))
        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
        .directHandlers(errors.build())
        .maxPayloadSize(config.maxBody().bytes())
        .maxTcpConnections(config.maxConnections())
        .shutdownGracePeriod(GRACE)
        .shutdownHook(false)
        .build();
  }

  /** Errors that Helidon finds before a route is reached, in OpenAI's shape like all others. */
  private static DirectHandler.TransportResponse httpError(
      DirectHandler.TransportRequest request,
      DirectHandler.EventType event,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    String type = status.code() < 500 ? "invalid_request_error" : "server_error";
    return DirectHandler.TransportResponse.builder()
        .status(status)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .keepAlive(event.keepAlive())
        .entity(
            ApiException.of(status.code(), type, "", status.reasonPhrase() + ": " + message).body())
        .build();
  }
}
