package io.weir.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Server sockets bound before Kafka starts: the ports are known when its configuration is written,
 * no one can take a free port in between, and a port in use is told as such.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
  private static final int BACKLOG = 128;
  private final Map<String, ServerSocketChannel> sockets = new ConcurrentHashMap<>();

  /** Binds a listener's socket; returns its port. */
  int bind(String listener, InetAddress address, int port) {
    try {
      ServerSocketChannel socket = ServerSocketChannel.open();
      sockets.put(listener, socket);
      socket.configureBlocking(false);
      socket.bind(new InetSocketAddress(address, port), BACKLOG);
      return socket.socket().getLocalPort();
    } catch (BindException taken) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot listen on %s:%d: %s. Stop what uses the port, or choose others with --base-port."
              .formatted(address.getHostAddress(), port, taken.getMessage()),
          taken);
    } catch (IOException failure) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot listen on %s:%d: %s."
              .formatted(address.getHostAddress(), port, failure.getMessage()),
          failure);
    }
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBuffer)
      throws IOException {
    ServerSocketChannel socket = sockets.remove(listener);
    if (socket == null) {
      throw new SocketException("No socket was bound for listener " + listener);
    }
    return socket;
  }

  /** Closes what Kafka has not taken over. */
  @Override
  public void close() throws IOException {
    for (ServerSocketChannel socket : sockets.values()) {
      socket.close();
    }
  }
}
