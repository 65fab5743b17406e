package io.weir.embedded;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One node's place in a cluster of several embedded brokers on this machine. Every node is broker
 * and controller; the controllers' ports must be known before the first starts, since each node's
 * configuration lists all of them. With three nodes each partition has three copies, of which two
 * must be in sync for a record to be taken, so that one node may be lost.
 *
 * @param clusterId the same for all nodes: a UUID in Kafka's own base64 form
 * @param nodeId from 1 to the number of nodes
 * @param controllerPorts each node's controller port, that of node 1 first
 */
public record Quorum(String clusterId, int nodeId, List<Integer> controllerPorts) {
  private static final int MOST_COPIES = 3;
  private static final int MAX_PORT = 65_535;

  /**
   * Checks the place.
   *
   * @throws IllegalArgumentException if the node is not one of the cluster's or a port is out of
   *     range
   */
  public Quorum {
    controllerPorts = List.copyOf(controllerPorts);
    if (clusterId.isBlank()) {
      throw new IllegalArgumentException("A cluster of embedded brokers needs a cluster id.");
    }
    if (nodeId < 1 || nodeId > controllerPorts.size()) {
      throw new IllegalArgumentException(
          "The node id must be 1 to %d, the number of controller ports, not %d."
              .formatted(controllerPorts.size(), nodeId));
    }
    for (int port : controllerPorts) {
      if (port < 1 || port > MAX_PORT) {
        throw new IllegalArgumentException(
            "A controller port must be 1 to 65535, not " + port + ".");
      }
    }
  }

  int controllerPort() {
    return controllerPorts.get(nodeId - 1);
  }

  /** How many copies each partition has. */
  int copies() {
    return Math.min(MOST_COPIES, controllerPorts.size());
  }

  /** How many copies must be in sync: one may be lost where there are three. */
  int inSync() {
    return Math.max(1, copies() - 1);
  }

  /** Kafka's {@code controller.quorum.voters}. */
  String voters(String host) {
    return IntStream.range(0, controllerPorts.size())
        .mapToObj(index -> (index + 1) + "@" + host + ":" + controllerPorts.get(index))
        .collect(Collectors.joining(","));
  }
}
