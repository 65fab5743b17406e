package io.weir.embedded;

import io.weir.embedded.BrokerProperties.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A Kafka broker and its controller inside this process (KRaft, combined mode). Its data is intact
 * across restarts, and it listens on addresses of this machine only. If its disk fails or is full,
 * Kafka halts the process: what it has acknowledged stays on disk.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private final BrokerDirectory directory;
  private final BoundSockets sockets;
  private final BrokerFaults faults;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final int port;
  private final Optional<String> containerBootstrap;
  private boolean closed;

  private EmbeddedBroker(
      EmbeddedBrokerConfig config, BrokerDirectory directory, BoundSockets sockets) {
    this.directory = directory;
    this.sockets = sockets;
    this.faults = new BrokerFaults();
    BrokerProperties properties =
        new BrokerProperties(directory.log(), config.maxRecordBytes(), config.quorum());
    InetAddress local = Addresses.loopback();
    this.port =
        bind(properties, BrokerProperties.CLIENTS, local, local.getHostAddress(), config.port());
    bind(
        properties,
        BrokerProperties.CONTROLLER,
        local,
        local.getHostAddress(),
        config.quorum().map(Quorum::controllerPort).orElse(0));
    this.containerBootstrap =
        Optional.of(config.containerPort())
            .filter(wanted -> wanted != 0)
            .map(
                wanted ->
                    Addresses.HOST_OF_CONTAINERS
                        + ":"
                        + bind(
                            properties,
                            BrokerProperties.CONTAINERS,
                            Addresses.ofContainers(),
                            Addresses.HOST_OF_CONTAINERS,
                            wanted));
    KafkaConfig kafka = new KafkaConfig(properties.build(config.users()), false);
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> logs =
        KafkaRaftServer.initializeLogDirs(kafka, LOG, "");
    SharedServer shared =
        new SharedServer(
            kafka,
            logs._1(),
            Time.SYSTEM,
            Server.initializeMetrics(kafka, Time.SYSTEM, directory.clusterId()),
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(kafka.quorumConfig().voters())),
            List.of(),
            faults,
            sockets);
    this.broker = new BrokerServer(shared);
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), logs._2());
  }

  private int bind(
      BrokerProperties properties,
      String listener,
      InetAddress address,
      String advertisedHost,
      int wanted) {
    int bound = sockets.bind(listener, address, wanted);
    properties.listen(listener, new Listener(address, advertisedHost, bound));
    return bound;
  }

  /**
   * Starts a broker; returns when it takes requests. One of several brokers waits until a majority
   * of them has started.
   *
   * @throws EmbeddedBrokerException if the directory or a port cannot be used, or Kafka fails
   */
  public static EmbeddedBroker start(EmbeddedBrokerConfig config) {
    long started = System.nanoTime();
    BrokerDirectory directory = BrokerDirectory.open(config.dataDir(), config.quorum());
    BoundSockets sockets = new BoundSockets();
    EmbeddedBroker broker;
    try {
      broker = new EmbeddedBroker(config, directory, sockets);
    } catch (RuntimeException failure) {
      release(sockets, directory);
      throw failure;
    }
    broker.startup();
    LOG.info(
        "embedded broker started bootstrap={} data={} cluster={} millis={}",
        broker.bootstrapServers(),
        config.dataDir(),
        broker.clusterId(),
        Duration.ofNanos(System.nanoTime() - started).toMillis());
    return broker;
  }

  private void startup() {
    try {
      // The broker finds its controller through the quorum, so the controller goes first.
      controller.startup();
      broker.startup();
    } catch (Throwable failure) {
      Throwable cause = faults.first().getNow(failure);
      close();
      throw new EmbeddedBrokerException(
          "The embedded broker did not start on directory %s: %s. The log has the details; if the directory is damaged, choose another with --data-dir."
              .formatted(directory.log(), cause),
          cause);
    }
  }

  /** Host and port for clients on this machine. */
  public String bootstrapServers() {
    return Addresses.loopback().getHostAddress() + ":" + port;
  }

  /** Host and port for clients in containers, if that listener is open. */
  public Optional<String> containerBootstrapServers() {
    return containerBootstrap;
  }

  /** The id of the cluster whose data the directory holds; the same after every restart. */
  public String clusterId() {
    return directory.clusterId();
  }

  /** Completes with the reason if the broker fails while it runs; it must then be closed. */
  public CompletionStage<Throwable> failure() {
    return faults.first().minimalCompletionStage();
  }

  /** Stops the broker, then the controller, and gives the directory back. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      // The controller stays until the broker has told it that it leaves.
      broker.shutdown(STOP_PATIENCE);
    } finally {
      try {
        controller.shutdown();
      } finally {
        release(sockets, directory);
      }
    }
  }

  private static void release(BoundSockets sockets, BrokerDirectory directory) {
    try (directory;
        sockets) {
      LOG.debug("embedded broker releases its sockets and directory");
    } catch (IOException failure) {
      LOG.warn("embedded broker could not release its sockets or directory", failure);
    }
  }
}
