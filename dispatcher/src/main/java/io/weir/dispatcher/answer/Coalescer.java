package io.weir.dispatcher.answer;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends on, at a steady beat, what running streams have gathered. One thread for all of them. */
public final class Coalescer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coalescer.class);

  private final Set<StreamRelay> streams = ConcurrentHashMap.newKeySet();
  private final Duration beat;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param beat time between two rounds
   */
  public Coalescer(Duration beat) {
    this.beat = beat;
    this.thread = Thread.ofPlatform().name("weir-coalescer").daemon(true).start(this::run);
  }

  /** Takes care of a stream until it is removed. */
  public void add(StreamRelay stream) {
    streams.add(stream);
    LockSupport.unpark(thread);
  }

  public void remove(StreamRelay stream) {
    streams.remove(stream);
  }

  private void run() {
    while (!closed) {
      if (streams.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, beat.toNanos());
      }
      for (StreamRelay stream : streams) {
        try {
          stream.flushIfIdle();
        } catch (RuntimeException failure) {
          // One stream's trouble must not stop the others'.
          LOG.error("gathered events could not be sent on", failure);
        }
      }
    }
  }

  /** Stops the thread; streams then send on only what they send on themselves. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
