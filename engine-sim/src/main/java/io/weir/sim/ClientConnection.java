package io.weir.sim;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * A connection that can be watched for the client's leaving while an answer is being made. Watching
 * is reading ahead: what comes is kept for the next request on the connection.
 */
final class ClientConnection implements ConnectionContext {
  private static final ThreadLocal<ClientConnection> CURRENT = new ThreadLocal<>();
  private static final byte[] END = {};

  private final ConnectionContext delegate;
  private final DataReader reader = DataReader.create(this::read);
  private final Object monitor = new Object();
  private Optional<CompletableFuture<byte[]>> ahead = Optional.empty();
  private volatile Runnable onGone = () -> {};

  ClientConnection(ConnectionContext delegate) {
    this.delegate = delegate;
  }

  /** The connection whose request this thread is handling. */
  static ClientConnection current() {
    return CURRENT.get();
  }

  /** Names this the connection of the thread that handles it from now on. */
  void enter() {
    CURRENT.set(this);
  }

  static void leave() {
    CURRENT.remove();
  }

  /** Runs something when the client closes the connection, until {@link #unwatch}. */
  void watch(Runnable whenGone) {
    onGone = whenGone;
    synchronized (monitor) {
      if (reader.available() == 0 && ahead.isEmpty()) {
        CompletableFuture<byte[]> next = new CompletableFuture<>();
        ahead = Optional.of(next);
        Thread.ofVirtual().name("weir-sim-watch").start(() -> readAhead(next));
      } else if (ahead.isPresent() && ahead.get().isDone() && ahead.get().join().length == 0) {
        whenGone.run();
      }
    }
  }

  void unwatch() {
    onGone = () -> {};
  }

  /** Writes bytes past HTTP. */
  void writeRaw(byte[] bytes) {
    delegate.dataWriter().writeNow(BufferData.create(bytes));
  }

  private void readAhead(CompletableFuture<byte[]> next) {
    byte[] bytes = END;
    try {
      byte[] read = delegate.serverSocket().get();
      bytes = read == null ? END : read;
    } catch (UncheckedIOException e) {
      log(System.getLogger(ClientConnection.class.getName()), System.Logger.Level.TRACE, "%s", e);
    } finally {
      next.complete(bytes);
      if (bytes.length == 0) {
        onGone.run();
      }
    }
  }

  /** The reader's source; null is its word for the end of the stream. */
  private byte[] read() {
    Optional<CompletableFuture<byte[]>> pending;
    synchronized (monitor) {
      pending = ahead;
    }
    try {
      if (pending.isEmpty()) {
        return delegate.serverSocket().get();
      }
      byte[] bytes = pending.get().get();
      if (bytes.length == 0) {
        return null;
      }
      synchronized (monitor) {
        ahead = Optional.empty();
      }
      return bytes;
    } catch (UncheckedIOException | ExecutionException e) {
      throw new ServerConnectionException("cannot read from the client", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerConnectionException("interrupted while waiting for a request", e);
    }
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public ListenerContext listenerContext() {
    return delegate.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return delegate.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return delegate.dataWriter();
  }

  @Override
  public Router router() {
    return delegate.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return delegate.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return delegate.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return delegate.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return delegate.localPeer();
  }

  @Override
  public boolean isSecure() {
    return delegate.isSecure();
  }

  @Override
  public String socketId() {
    return delegate.socketId();
  }

  @Override
  public String childSocketId() {
    return delegate.childSocketId();
  }
}
