package io.weir.ingress.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All client connections of an ingress, and the one thread that holds them to their deadlines. */
public final class Connections implements ServerConnectionSelector, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final long TICK_NANOS = Duration.ofMillis(200).toNanos();

  private final ServerConnectionSelector http1;
  private final ConnectionTimeouts timeouts;
  private final byte[] slowRequest;
  private final MeterRegistry metrics;
  private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
  private final Thread watcher;
  private volatile boolean closed;

  /**
   * Starts the watching thread.
   *
   * @param slowRequest the whole HTTP response for a client that sends its request too slowly
   */
  public Connections(
      Http1Config http, ConnectionTimeouts timeouts, byte[] slowRequest, MeterRegistry metrics) {
    this.http1 = Http1ConnectionSelector.builder().config(http).build();
    this.timeouts = timeouts;
    this.slowRequest = slowRequest.clone();
    this.metrics = metrics;
    metrics.gaugeCollectionSize("weir.ingress.connections", Tags.empty(), open);
    this.watcher = Thread.ofPlatform().daemon().name("weir-ingress-connections").start(this::watch);
  }

  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(this, TICK_NANOS);
      long now = System.nanoTime();
      for (ClientConnection connection : open) {
        try {
          connection.checkDeadlines(now);
        } catch (RuntimeException e) {
          LOG.debug("closing a connection that is past its deadline failed", e);
        }
      }
    }
  }

  ConnectionTimeouts timeouts() {
    return timeouts;
  }

  byte[] slowRequest() {
    return slowRequest;
  }

  void add(ClientConnection connection) {
    open.add(connection);
  }

  void remove(ClientConnection connection) {
    open.remove(connection);
  }

  void closed(String reason) {
    metrics.counter("weir.ingress.connections.closed", "reason", reason).increment();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new ClientConnection(context, http1, this);
  }

  /** Stops watching; the connections themselves belong to the server. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watcher);
  }
}
