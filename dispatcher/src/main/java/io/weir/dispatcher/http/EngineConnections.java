package io.weir.dispatcher.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;

/** The connections to one engine. Idle ones are kept, the last used first out. */
public final class EngineConnections implements AutoCloseable {
  /** Shorter than uvicorn's 5 s, so that it is rarely the engine that closes first. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(4);

  private final Endpoint endpoint;
  private final int connectMillis;
  private final SSLSocketFactory tls;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private int mostIdle;
  private boolean closed;

  /**
   * No connection is made yet.
   *
   * @param connectTimeout for each new connection
   * @param mostIdle how many unused connections are kept
   * @param tls makes connections to https engines; whom they trust is its matter
   * @param nanoClock monotonic, in nanoseconds
   */
  public EngineConnections(
      Endpoint endpoint,
      Duration connectTimeout,
      int mostIdle,
      SSLSocketFactory tls,
      LongSupplier nanoClock) {
    this.endpoint = endpoint;
    this.tls = tls;
    this.connectMillis = Math.toIntExact(connectTimeout.toMillis());
    this.mostIdle = mostIdle;
    this.nanoClock = nanoClock;
  }

  /**
   * A connection for one request.
   *
   * @throws UnreachableException if none is idle and none can be made
   */
  public Exchange open() throws UnreachableException {
    Connection connection = reuse().orElse(null);
    if (connection == null) {
      connection = Connection.open(endpoint, connectMillis, tls);
    }
    return new Exchange(this, endpoint, connection);
  }

  /** Keeps another number of unused connections at most. */
  public void keepIdle(int most) {
    lock.lock();
    try {
      mostIdle = most;
    } finally {
      lock.unlock();
    }
  }

  private Optional<Connection> reuse() {
    while (true) {
      Connection connection;
      lock.lock();
      try {
        connection = idle.pollFirst();
      } finally {
        lock.unlock();
      }
      if (connection == null) {
        return Optional.empty();
      }
      if (connection.reusable(nanoClock.getAsLong(), LONGEST_IDLE.toNanos())) {
        return Optional.of(connection);
      }
      connection.close();
    }
  }

  void giveBack(Connection connection) {
    connection.idle(nanoClock.getAsLong());
    lock.lock();
    try {
      if (!closed && idle.size() < mostIdle) {
        idle.addFirst(connection);
        return;
      }
    } finally {
      lock.unlock();
    }
    connection.close();
  }

  /** Closes idle connections now and the others as soon as they are given back. */
  @Override
  public void close() {
    List<Connection> unused;
    lock.lock();
    try {
      closed = true;
      unused = List.copyOf(idle);
      idle.clear();
    } finally {
      lock.unlock();
    }
    unused.forEach(Connection::close);
  }
}
