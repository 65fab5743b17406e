package io.weir.ingress.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. It hands Helidon the socket's bytes, knows in which phase of a request
 * the client is, and for how long it may stay there: one thread looks at all connections, so that
 * no connection needs a timer. While an answer is awaited it can read ahead on a second virtual
 * thread, which is how a client that leaves is noticed before anything is written to it.
 *
 * <p>Methods are for the connection's own thread unless they say otherwise.
 */
public final class ClientConnection implements ServerConnection, InterruptableTask<Void> {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final ThreadLocal<ClientConnection> CURRENT = new ThreadLocal<>();
  private static final long NEVER = Long.MAX_VALUE;

  /** A client that is told off mid-request gets this long to stop sending and read why. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final HelidonSocket socket;
  private final ServerConnection http;
  private final Connections connections;
  private final ConnectionTimeouts timeouts;
  private volatile Phase phase = Phase.IDLE;
  private volatile long phaseDeadline;
  private volatile long writeDeadline = NEVER;
  private volatile Runnable onGone = () -> {};
  private CompletableFuture<byte[]> readAhead;
  private boolean lingers;
  private boolean ends;
  private long headerBytes;

  ClientConnection(
      ConnectionContext context, ServerConnectionSelector http1, Connections connections) {
    this.socket = context.serverSocket();
    this.connections = connections;
    this.timeouts = connections.timeouts();
    enter(Phase.IDLE, timeouts.idle());
    this.http = http1.connection(new WatchedContext(context, this));
  }

  /** The connection whose thread this is. */
  public static ClientConnection current() {
    return CURRENT.get();
  }

  /** The request's headers are in; nothing is expected of the client. */
  public void awaitAnswer() {
    phase = Phase.ANSWER;
    phaseDeadline = NEVER;
  }

  /** The client has to send the body now. */
  public void awaitBody() {
    enter(Phase.BODY, timeouts.body());
  }

  /** The request is done with; the client may send another or leave. */
  public void awaitRequest() {
    onGone = () -> {};
    enter(Phase.IDLE, timeouts.idle());
  }

  /**
   * There are no more requests after this one. Helidon says Connection: close by itself, but then
   * waits for the client to do it.
   */
  public void endWithThisAnswer() {
    ends = true;
  }

  /**
   * The client may still be sending: once the answer is out, read on for a moment before closing.
   */
  public void linger() {
    lingers = true;
  }

  /** True if the client has sent this many bytes of headers without coming to their end. */
  public boolean isInHeadersAfter(long bytes) {
    return phase == Phase.HEADERS && headerBytes >= bytes;
  }

  /**
   * Watches for the client to leave until {@link #awaitRequest}.
   *
   * @param gone called at most once, on another thread; must not block
   */
  public void watch(Runnable gone) {
    onGone = gone;
    if (readAhead != null) {
      return;
    }
    CompletableFuture<byte[]> ahead = new CompletableFuture<>();
    readAhead = ahead;
    Thread.ofVirtual().name("weir-ingress-watch").start(() -> readAhead(ahead));
  }

  private void readAhead(CompletableFuture<byte[]> ahead) {
    try {
      byte[] bytes = socket.get();
      ahead.complete(bytes);
      if (bytes == null) {
        onGone.run();
      }
    } catch (RuntimeException e) {
      ahead.completeExceptionally(e);
      onGone.run();
    }
  }

  /** The client's next bytes, or null at the end of its stream. */
  byte[] read() {
    if (ends && phase == Phase.IDLE) {
      return null;
    }
    try {
      byte[] bytes = readAhead == null ? socket.get() : takeReadAhead();
      if (bytes == null && (phase == Phase.HEADERS || phase == Phase.IDLE)) {
        // Within headers the HTTP server would take it for a mistake of its own.
        throw new CloseConnectionException("The client left");
      }
      if (phase == Phase.IDLE && bytes != null) {
        enter(Phase.HEADERS, timeouts.headers());
        headerBytes = 0;
      }
      headerBytes += bytes == null ? 0 : bytes.length;
      return bytes;
    } catch (UncheckedIOException e) {
      throw new ServerConnectionException("The client's connection broke", e);
    }
  }

  private byte[] takeReadAhead() {
    CompletableFuture<byte[]> ahead = readAhead;
    try {
      byte[] bytes = ahead.get();
      readAhead = null;
      return bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerConnectionException("Interrupted while waiting for a request", e);
    } catch (ExecutionException e) {
      throw new ServerConnectionException(
          "The client's connection broke", new CompletionException(e.getCause()));
    }
  }

  void writing() {
    writeDeadline = System.nanoTime() + timeouts.write().toNanos();
  }

  void written() {
    writeDeadline = NEVER;
  }

  private void enter(Phase next, Duration limit) {
    phaseDeadline = System.nanoTime() + limit.toNanos();
    phase = next;
  }

  /** Ends the connection if the client took too long. Called by the thread that watches all. */
  void checkDeadlines(long now) {
    if (isPast(writeDeadline, now)) {
      close("slow_reader");
    } else if (isPast(phaseDeadline, now)) {
      switch (phase) {
        case IDLE -> close("idle");
        case LINGER -> close("after_error");
        case HEADERS, BODY -> {
          socket.write(BufferData.create(connections.slowRequest()));
          close("slow_sender");
        }
        case ANSWER -> {}
      }
    }
  }

  private static boolean isPast(long deadline, long now) {
    return deadline != NEVER && deadline - now < 0;
  }

  private void close(String reason) {
    phaseDeadline = NEVER;
    writeDeadline = NEVER;
    connections.closed(reason);
    socket.close();
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    CURRENT.set(this);
    connections.add(this);
    try {
      http.handle(limit);
    } finally {
      lingerIfDue();
      connections.remove(this);
      CURRENT.remove();
    }
  }

  /**
   * Closing a socket with unread bytes resets it, and a reset can overtake the answer; so what the
   * client had under way is read and thrown away first.
   */
  private void lingerIfDue() {
    if (!lingers) {
      return;
    }
    enter(Phase.LINGER, LINGER);
    try {
      byte[] bytes = read();
      while (bytes != null) {
        bytes = read();
      }
    } catch (RuntimeException e) {
      LOG.trace("a client went on sending after an error", e);
    }
  }

  @Override
  public boolean canInterrupt() {
    return http instanceof InterruptableTask<?> task && task.canInterrupt();
  }

  /** Always none: deadlines are kept here, not by Helidon. */
  @Override
  public Duration idleTime() {
    return Duration.ZERO;
  }

  @Override
  public void close(boolean interrupt) {
    http.close(interrupt);
  }
}
