package io.weir.embedded;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.weir.schemas.BundledSchemas;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schema registry inside this process, over the schemas of this build, for this machine only. */
public final class EmbeddedRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
  private static final String CONTAINERS = "containers";
  private static final Duration GRACE = Duration.ofMillis(200);

  private final WebServer server;

  private EmbeddedRegistry(WebServer server) {
    this.server = server;
  }

  /**
   * Starts a registry on loopback.
   *
   * @param port 0 for a free one
   * @throws EmbeddedBrokerException if the port is in use
   */
  public static EmbeddedRegistry start(int port) {
    return start(port, Optional.empty());
  }

  /**
   * Starts a registry on loopback and, where Docker has a bridge, on the bridge's own address,
   * which containers know as {@code host.docker.internal}.
   *
   * @param port the same on both
   * @throws EmbeddedBrokerException if the port is in use
   */
  public static EmbeddedRegistry startForContainers(int port) {
    return start(
        port,
        Optional.of(Addresses.ofContainers()).filter(address -> !address.isLoopbackAddress()));
  }

  private static EmbeddedRegistry start(int port, Optional<InetAddress> bridge) {
    HttpRouting.Builder routing =
        HttpRouting.builder().register(new RegistryRoutes(new SchemaStore(BundledSchemas.all())));
    WebServerConfig.Builder config =
        WebServer.builder()
            .address(Addresses.loopback())
            .port(port)
            .shutdownHook(false)
            .shutdownGracePeriod(GRACE)
            .routing(routing);
    bridge.ifPresent(
        address ->
            config
                .putSocket(
                    CONTAINERS,
                    socket -> socket.address(address).port(port).shutdownGracePeriod(GRACE))
                .routing(CONTAINERS, routing.copy()));
    WebServer server = config.build();
    // Helidon logs a port in use and returns.
    server.start();
    if (!server.isRunning()) {
      throw new EmbeddedBrokerException(
          "The embedded schema registry cannot listen on port %d. Stop what uses the port, or choose others with --base-port."
              .formatted(port));
    }
    EmbeddedRegistry registry = new EmbeddedRegistry(server);
    LOG.info("embedded registry started url={}", registry.url());
    return registry;
  }

  /** Where clients on this machine find it. */
  public String url() {
    return "http://" + Addresses.loopback().getHostAddress() + ":" + server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
