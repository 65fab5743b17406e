package io.weir.ingress.reply;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.ReplyAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * The ends of all reply partitions that somebody here waits at: this ingress's own, for good, and
 * those of requests that entered elsewhere, for as long as their clients wait and a little longer.
 */
public final class ReplyTails implements AutoCloseable {
  /** How long a partition that nobody waits at any more is still followed. */
  private static final long IDLE_NANOS = Duration.ofSeconds(30).toNanos();

  /** Partitions followed at once; each has a thread and a connection. */
  private static final int MOST = 64;

  private final KafkaSettings kafka;
  private final ReplyReader own;
  private final MeterRegistry metrics;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<TopicPartition, Followed> others = new ConcurrentHashMap<>();

  private static final class Followed {
    private final ReplyReader reader;
    private int users;
    private long idleSince = System.nanoTime();

    Followed(ReplyReader reader) {
      this.reader = reader;
    }
  }

  /**
   * A partition's end, to be closed when nobody waits there on the holder's behalf.
   *
   * @param reader follows the partition; its position may not be known yet
   */
  public record Tail(ReplyReader reader, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /** Tails beside this ingress's own, which stays its owner's. */
  public ReplyTails(KafkaSettings kafka, ReplyReader own, MeterRegistry metrics) {
    this.kafka = kafka;
    this.own = own;
    this.metrics = metrics;
    metrics.gauge("weir.ingress.exchanges", this, tails -> tails.waiting().count());
    metrics.gauge(
        "weir.ingress.buffer.bytes",
        this,
        tails -> tails.waiting().mapToLong(Exchange::liveBytes).sum());
    metrics.gaugeMapSize("weir.ingress.tails", Tags.empty(), others);
  }

  /** The end of the partition of an address; empty if too many are followed already. */
  public Optional<Tail> open(ReplyAddress address) {
    TopicPartition partition = new TopicPartition(address.getTopic(), address.getPartition());
    if (partition.equals(own.partition())) {
      return Optional.of(new Tail(own, () -> {}));
    }
    List<ReplyReader> idle = new ArrayList<>();
    lock.lock();
    try {
      removeIdle(partition, idle);
      Followed followed = others.get(partition);
      if (followed == null && others.size() >= MOST) {
        return Optional.empty();
      }
      if (followed == null) {
        followed = new Followed(new ReplyReader(new ReplyPartition(kafka, partition), metrics));
        others.put(partition, followed);
      }
      followed.users++;
      Followed taken = followed;
      return Optional.of(new Tail(taken.reader, () -> release(taken)));
    } finally {
      lock.unlock();
      idle.forEach(ReplyReader::close);
    }
  }

  private void release(Followed followed) {
    lock.lock();
    try {
      followed.users--;
      followed.idleSince = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private void removeIdle(TopicPartition wanted, List<ReplyReader> idle) {
    long now = System.nanoTime();
    Map<TopicPartition, Followed> old = new HashMap<>(others);
    old.remove(wanted);
    old.values().removeIf(each -> each.users > 0 || now - each.idleSince < IDLE_NANOS);
    old.forEach(
        (partition, followed) -> {
          others.remove(partition);
          idle.add(followed.reader);
        });
  }

  /** True if a client here waits for the answer to a request. */
  public boolean isAwaited(String id) {
    return own.isAwaited(id) || others.values().stream().anyMatch(o -> o.reader.isAwaited(id));
  }

  /** All that wait for an answer here. */
  public Stream<Exchange> waiting() {
    return Stream.concat(
        own.waiting(), others.values().stream().flatMap(other -> other.reader.waiting()));
  }

  /** Stops following the others' partitions. */
  @Override
  public void close() {
    List<ReplyReader> all = others.values().stream().map(each -> each.reader).toList();
    others.clear();
    all.forEach(ReplyReader::close);
  }
}
