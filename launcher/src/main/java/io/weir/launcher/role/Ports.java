package io.weir.launcher.role;

import io.weir.launcher.config.WeirConfig;
import io.weir.routing.fleet.Fleet;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;

/**
 * Which role listens where. A base port moves all of them by its distance from 8080; a port of 0
 * stays "any that is free".
 *
 * @param shift added to every port
 */
public record Ports(int shift) {
  /** The port of the first ingress, from which the others are counted. */
  public static final int DEFAULT_BASE = 8080;

  /** Every port shifted as a base port asks. */
  public static Ports from(int basePort) {
    return new Ports(basePort - DEFAULT_BASE);
  }

  /** The port of a source's ingress. */
  public int ingress(WeirConfig config, int sourceIndex) {
    return shifted(
        config
            .sources()
            .get(sourceIndex)
            .port()
            .orElseGet(() -> counted(config.ingress().port(), sourceIndex)));
  }

  /** The port of a source's dispatcher. */
  public int dispatcher(WeirConfig config, int sourceIndex) {
    return shifted(counted(config.dispatcher().port(), sourceIndex));
  }

  /** The port of the controller's admin API. */
  public int controller(WeirConfig config) {
    return shifted(config.controller().port());
  }

  public int broker(WeirConfig config) {
    return shifted(config.embedded().brokerPort());
  }

  public int registry(WeirConfig config) {
    return shifted(config.embedded().registryPort());
  }

  /** The broker's port for containers, 0 for none. */
  public int containers(WeirConfig config) {
    return shifted(config.embedded().containerPort());
  }

  /** The fleet with the ports of simulated engines shifted; others are not ours to move. */
  public Fleet fleet(WeirConfig config) {
    Fleet fleet = config.fleet();
    return fleet.withEngines(
        fleet.engines().stream()
            .map(
                engine ->
                    config.engineSim().containsKey(engine.id())
                        ? engine.at(shifted(engine.url()))
                        : engine)
            .toList());
  }

  private URI shifted(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + shifted(url.getPort());
    return URI.create(url.getScheme() + "://" + url.getHost() + port + url.getRawPath());
  }

  /**
   * Makes sure that a port can be listened on.
   *
   * @param role who wants it, such as "the ingress of us-east"
   * @throws LaunchException if it is in use or not allowed
   */
  public static void requireFree(String role, String host, int port) {
    if (port < 0 || port > 65_535) {
      throw new LaunchException(
          "Port " + port + " for " + role + " is out of range; choose another --base-port.");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (BindException e) {
      throw new LaunchException(
          "Port "
              + port
              + " for "
              + role
              + " cannot be used ("
              + e.getMessage()
              + "). Stop what uses it, or shift all ports with --base-port, such as --base-port"
              + " 18080.",
          e);
    } catch (IOException e) {
      throw new LaunchException(
          "Address " + host + ":" + port + " for " + role + " cannot be used: " + e.getMessage(),
          e);
    }
  }

  private int shifted(int port) {
    return port == 0 ? 0 : port + shift;
  }

  private static int counted(int first, int index) {
    return first == 0 ? 0 : first + index;
  }
}
