package io.weir.dispatcher;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.BooleanSupplier;

/** Health and metrics over HTTP. */
final class RolePages implements AutoCloseable {
  private final WebServer server;

  RolePages(
      String host,
      int port,
      BooleanSupplier live,
      BooleanSupplier ready,
      PrometheusMeterRegistry registry) {
    this.server =
        WebServer.builder()
            .host(host)
            .port(port)
            .shutdownHook(false)
            .routing(
                routes ->
                    routes
                        .get("/health/live", (request, response) -> say(response, live))
                        .get("/health/ready", (request, response) -> say(response, ready))
                        .get(
                            "/metrics",
                            (request, response) ->
                                response
                                    .header(
                                        HeaderNames.CONTENT_TYPE,
                                        "text/plain; version=0.0.4; charset=utf-8")
                                    .send(registry.scrape())))
            .build()
            .start();
  }

  int port() {
    return server.port();
  }

  private static void say(ServerResponse response, BooleanSupplier yes) {
    boolean good = yes.getAsBoolean();
    response
        .status(good ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .send(good ? "{\"status\":\"up\"}" : "{\"status\":\"down\"}");
  }

  @Override
  public void close() {
    server.stop();
  }
}
