package io.weir.embedded;

import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Addresses that are safe to listen on: none is reachable from another machine. */
final class Addresses {
  /** The name under which a container finds the machine it runs on. */
  static final String HOST_OF_CONTAINERS = "host.docker.internal";

  private Addresses() {}

  static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  /**
   * The Docker bridge's own address where there is one (Linux); loopback elsewhere, which Docker
   * Desktop forwards to.
   */
  static InetAddress ofContainers() {
    try {
      NetworkInterface bridge = NetworkInterface.getByName("docker0");
      if (bridge == null) {
        return loopback();
      }
      return bridge
          .inetAddresses()
          .filter(Inet4Address.class::isInstance)
          .findFirst()
          .orElseGet(Addresses::loopback);
    } catch (SocketException broken) {
      throw new UncheckedIOException("Cannot read the network interfaces", broken);
    }
  }
}
