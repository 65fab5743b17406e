package io.weir.ingress.reply;

import io.weir.ingress.memory.MemoryBudget;
import io.weir.routing.admission.QueuePlace;
import io.weir.schemas.ResponseChunk;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one waiting client has not been given yet. The reply reader and the producer put things in
 * and never wait; the client's own thread takes them out. The buffer of chunks is bounded: when it
 * would overflow it is dropped, and the client's thread reads the same chunks from Kafka instead
 * ({@link #rejoin}, {@link Refills}).
 */
public final class Exchange {
  /** What a chunk costs beside its data. */
  private static final int CHUNK_OVERHEAD = 256;

  private final String id;
  private final long capacity;
  private final MemoryBudget memory;
  private final RequestWatch watch;
  private final Thread client;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Reply> live = new ArrayDeque<>();
  private long liveBytes;
  private boolean dropping;
  private boolean closed;
  private volatile Interruption interruption = Interruption.NONE;
  private volatile Produced produced = new Produced.Pending();

  /**
   * An exchange for the calling thread.
   *
   * @param id the request's id
   * @param capacity bytes of answer that may wait in memory
   * @param memory what all exchanges may hold together
   * @param watch hears how the request fares
   */
  public Exchange(String id, long capacity, MemoryBudget memory, RequestWatch watch) {
    this.id = id;
    this.capacity = capacity;
    this.memory = memory;
    this.watch = watch;
    this.client = Thread.currentThread();
  }

  /**
   * An exchange for the calling thread, of a request that was sent before: it begins as one whose
   * chunks were dropped.
   *
   * @param id the request's id
   * @param capacity bytes of answer that may wait in memory
   * @param memory what all exchanges may hold together
   */
  public static Exchange behind(String id, long capacity, MemoryBudget memory) {
    Exchange exchange = new Exchange(id, capacity, memory, RequestWatch.NONE);
    exchange.dropping = true;
    exchange.produced = new Produced.Acked();
    return exchange;
  }

  /** The request's id. */
  public String id() {
    return id;
  }

  /**
   * Puts a chunk in; for the reply reader.
   *
   * @return false if the buffer overflowed by it and was dropped
   */
  boolean offer(ResponseChunk chunk, long offset) {
    watch.chunk(chunk);
    boolean overflow = false;
    lock.lock();
    try {
      if (!dropping && !closed) {
        if (hasRoom(cost(chunk))) {
          live.add(new Reply(chunk, offset));
          liveBytes += cost(chunk);
        } else {
          overflow = true;
          dropping = true;
          drop();
        }
      }
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(client);
    return !overflow;
  }

  /**
   * One chunk is let in however large it is; beyond that a chunk needs room in the client's own
   * buffer. Either way there must be room in what all share.
   */
  private boolean hasRoom(long bytes) {
    return (live.isEmpty() || liveBytes + bytes <= capacity) && memory.take(bytes);
  }

  /** The next live chunk. */
  public Optional<Reply> take() {
    lock.lock();
    try {
      Reply reply = live.poll();
      if (reply != null) {
        liveBytes -= cost(reply.chunk());
        memory.giveBack(cost(reply.chunk()));
      }
      return Optional.ofNullable(reply);
    } finally {
      lock.unlock();
    }
  }

  /** What waits in memory. */
  long liveBytes() {
    lock.lock();
    try {
      return liveBytes;
    } finally {
      lock.unlock();
    }
  }

  /** True if chunks were dropped that now have to be read from Kafka. */
  public boolean hasDropped() {
    lock.lock();
    try {
      return dropping;
    } finally {
      lock.unlock();
    }
  }

  /** Lets live chunks in again: all that are put in from now on. */
  void rejoin() {
    lock.lock();
    try {
      dropping = false;
      drop();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more in and gives back what it holds. */
  void close() {
    watch.left();
    lock.lock();
    try {
      closed = true;
      drop();
    } finally {
      lock.unlock();
    }
  }

  private void drop() {
    live.clear();
    memory.giveBack(liveBytes);
    liveBytes = 0;
  }

  private static long cost(ResponseChunk chunk) {
    return (long) chunk.getData().remaining() + CHUNK_OVERHEAD;
  }

  /** Says that the request's record is durable, and where it lies in its lane. */
  public void acked(int partition, long offset) {
    watch.acked(partition, offset);
    produced(new Produced.Acked());
  }

  /** Where the request stands in its queue, as far as that is known. */
  public Optional<QueuePlace> place() {
    return watch.place();
  }

  /** Says how the request's record fared. */
  public void produced(Produced outcome) {
    produced = outcome;
    LockSupport.unpark(client);
  }

  /** How the request's record has fared so far. */
  public Produced produced() {
    return produced;
  }

  /** Asks the client's thread to end; the first reason stands. */
  public void interrupt(Interruption reason) {
    if (interruption == Interruption.NONE) {
      interruption = reason;
    }
    LockSupport.unpark(client);
  }

  /** Why the client's thread should end, if it should. */
  public Interruption interruption() {
    return interruption;
  }

  /**
   * Waits until something may have changed; may return early.
   *
   * @param nanos at most this long
   */
  public void await(long nanos) {
    LockSupport.parkNanos(this, nanos);
  }
}
