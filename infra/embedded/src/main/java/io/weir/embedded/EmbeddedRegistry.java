package io.weir.embedded;

import io.helidon.webserver.WebServer;
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
  private static final Duration GRACE = Duration.ofMillis(200);

  private final WebServer server;
  private final Optional<WebServer> forContainers;

  private EmbeddedRegistry(WebServer server, Optional<WebServer> forContainers) {
    this.server = server;
    this.forContainers = forContainers;
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
   * @param port the same on both, 0 for one that is free on loopback
   * @throws EmbeddedBrokerException if the port is in use on either
   */
  public static EmbeddedRegistry startForContainers(int port) {
    return start(
        port,
        Optional.of(Addresses.ofContainers()).filter(address -> !address.isLoopbackAddress()));
  }

  private static EmbeddedRegistry start(int port, Optional<InetAddress> bridge) {
    SchemaStore schemas = new SchemaStore(BundledSchemas.all());
    WebServer local = listen(schemas, Addresses.loopback(), port);
    try {
      // A server of its own, since only now is it known which port is the free one.
      EmbeddedRegistry registry =
          new EmbeddedRegistry(
              local, bridge.map(address -> listen(schemas, address, local.port())));
      LOG.info("embedded registry started url={}", registry.url());
      return registry;
    } catch (EmbeddedBrokerException taken) {
      local.stop();
      throw taken;
    }
  }

  private static WebServer listen(SchemaStore schemas, InetAddress address, int port) {
    WebServer server =
        WebServer.builder()
            .address(address)
            .port(port)
            .shutdownHook(false)
            .shutdownGracePeriod(GRACE)
            .routing(HttpRouting.builder().register(new RegistryRoutes(schemas)))
            .build();
    // Helidon logs a port in use and returns.
    server.start();
    if (!server.isRunning()) {
      throw new EmbeddedBrokerException(
          "The embedded schema registry cannot listen on port %d of %s. Stop what uses the port, or choose others with --base-port."
              .formatted(port, address.getHostAddress()));
    }
    return server;
  }

  /** Where clients on this machine find it. */
  public String url() {
    return "http://" + Addresses.loopback().getHostAddress() + ":" + server.port();
  }

  @Override
  public void close() {
    forContainers.ifPresent(WebServer::stop);
    server.stop();
  }
}
