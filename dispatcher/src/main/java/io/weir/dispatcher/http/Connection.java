package io.weir.dispatcher.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to an engine. */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final SocketChannel channel;
  private final Input input;
  private final OutputStream output;
  private final ByteBuffer probe = ByteBuffer.allocate(1);
  private long idleSince;

  private Connection(SocketChannel channel, Socket socket) throws IOException {
    this.channel = channel;
    this.input = new Input(socket.getInputStream());
    this.output = socket.getOutputStream();
  }

  /**
   * Connects.
   *
   * @param timeoutMillis for the connection, and again for the TLS handshake
   */
  static Connection open(Endpoint endpoint, int timeoutMillis, SSLSocketFactory tls)
      throws UnreachableException {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
      if (address.isUnresolved()) {
        throw new IOException("the name " + endpoint.host() + " does not resolve");
      }
      Socket plain = channel.socket();
      plain.connect(address, timeoutMillis);
      Socket socket = plain;
      if (endpoint.scheme() == Endpoint.Scheme.HTTPS) {
        plain.setSoTimeout(timeoutMillis);
        socket = handshake(plain, endpoint, tls);
        plain.setSoTimeout(0);
      }
      return new Connection(channel, socket);
    } catch (IOException failure) {
      closeQuietly(channel);
      throw new UnreachableException(
          "cannot connect to %s within %d ms: %s"
              .formatted(endpoint.authority(), timeoutMillis, failure.getMessage()),
          failure);
    }
  }

  private static Socket handshake(Socket plain, Endpoint endpoint, SSLSocketFactory tls)
      throws IOException {
    SSLSocket secure = (SSLSocket) tls.createSocket(plain, endpoint.host(), endpoint.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  Input input() {
    return input;
  }

  OutputStream output() {
    return output;
  }

  void idle(long nanos) {
    idleSince = nanos;
  }

  /**
   * True if the connection can carry another request: it has not been idle for long, and neither an
   * end nor a byte nobody asked for has come meanwhile. Engines close idle connections (uvicorn
   * after 5 s), and a request sent into one would fail without any fault of the engine.
   */
  boolean reusable(long nanos, long longestIdleNanos) {
    if (nanos - idleSince > longestIdleNanos || input.available() > 0) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      try {
        return channel.read(probe.clear()) == 0;
      } finally {
        channel.configureBlocking(true);
      }
    } catch (IOException gone) {
      LOG.debug("idle connection is gone: {}", gone.getMessage());
      return false;
    }
  }

  /** Closes at once, from any thread; whoever waits on the connection gets an exception. */
  void close() {
    closeQuietly(channel);
  }

  private static void closeQuietly(SocketChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException failure) {
      LOG.debug("closing a connection failed: {}", failure.getMessage());
    }
  }
}
