package io.weir.controller.admin;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.controller.fleet.FleetTopics;
import io.weir.controller.requests.RequestLookup;
import io.weir.controller.telemetry.EngineTelemetry;
import io.weir.controller.tenants.TenantTopics;
import io.weir.routing.config.Secret;
import io.weir.routing.fleet.Fleet;
import io.weir.schemas.members.Membership;
import io.weir.schemas.tenants.TenantSpending;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** The admin API, health and metrics over HTTP. */
public final class AdminServer implements AutoCloseable {
  /**
   * What is still read of a body, so that its sender gets to see why it is refused: a connection
   * that is closed while somebody writes to it takes the answer with it.
   */
  private static final long LARGEST_READ = 1 << 20;

  private static final Duration GRACE = Duration.ofMillis(500);
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final PeerRequests peers;
  private final WebServer server;

  /**
   * What the pages tell of.
   *
   * @param configured the fleet of the configuration file
   * @param findRequest who knows a request, or what this instance knows itself
   * @param requestHere what this instance has of a request that others know better
   * @param ready whether everything is known
   */
  public record Sources(
      FleetTopics fleet,
      EngineTelemetry telemetry,
      Membership membership,
      WeightTables weights,
      Supplier<Fleet> configured,
      Function<String, RequestLookup> findRequest,
      Function<String, RequestLookup> requestHere,
      BooleanSupplier ready,
      PrometheusMeterRegistry registry,
      TenantTopics tenants,
      TenantSpending spending) {}

  /**
   * Who may use the API.
   *
   * @param key bearer token, if one is asked for
   * @param hosts names under which it may be reached
   */
  public record Access(Optional<Secret> key, Collection<String> hosts) {}

  /**
   * Starts to listen.
   *
   * @throws java.io.UncheckedIOException if it cannot listen on its port
   */
  public AdminServer(String host, int port, Access access, Sources sources) {
    AdminGuard guard = new AdminGuard(access.key(), host, access.hosts());
    this.peers = new PeerRequests(access.key());
    RequestPages requests =
        new RequestPages(
            guard, new RequestPages.Lookups(sources.findRequest(), sources.requestHere()), peers);
    AdminApi api =
        new AdminApi(
            guard,
            new FleetView(
                sources.fleet(), sources.telemetry(), sources.membership(), sources.weights()),
            sources.fleet(),
            sources.configured(),
            new TenantsApi(
                sources.tenants(), sources.spending(), sources.membership(), Clock.systemUTC()));
    this.server =
        WebServer.builder()
            .host(host)
            .port(port)
            .maxPayloadSize(LARGEST_READ)
            .protocolsDiscoverServices(true)
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            .directHandlers(errors())
            .routing(
                routes ->
                    routes
                        .get("/health/live", (request, response) -> say(request, response, true))
                        .get(
                            "/health/ready",
                            (request, response) ->
                                say(request, response, sources.ready().getAsBoolean()))
                        .get(
                            "/metrics",
                            (request, response) ->
                                response
                                    .header(HeaderNames.CONTENT_TYPE, PROMETHEUS)
                                    .send(sources.registry().scrape()))
                        .any("/internal/requests/{id}", requests)
                        .any("/admin/*", api))
            .build()
            .start();
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  private static void say(ServerRequest request, ServerResponse response, boolean good) {
    Replies.send(
        request,
        response,
        good ? 200 : 503,
        Replies.object(json -> json.writeStringField("status", good ? "up" : "down")));
  }

  private static DirectHandlers errors() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    DirectHandler page =
        (request, type, status, headers, message) ->
            DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(Replies.JSON)
                .entity(Replies.error(error(status.code(), request.path())))
                .build();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, page);
    }
    return handlers.build();
  }

  private static AdminException error(int status, String path) {
    return switch (status) {
      case 404 -> new AdminException(404, "unknown_path", "There is nothing at " + path + ".");
      case 413 -> AdminApi.tooLarge();
      case 500 ->
          new AdminException(500, "internal_error", "The controller failed on this request.");
      default ->
          new AdminException(status, "malformed_http", "This is not a request that makes sense.");
    };
  }

  @Override
  public void close() {
    server.stop();
    peers.close();
  }
}
