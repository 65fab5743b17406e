package io.weir.dispatcher;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane partitions this dispatcher reads, and how far each is claimed and committed. Used by the
 * consumer's thread; claims are settled by others.
 */
final class Assignment implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

  /** For claims on their way when a partition is taken away; far below any rebalance time-out. */
  private static final Duration SETTLING = Duration.ofSeconds(2);

  private static final Duration COMMITTING = Duration.ofSeconds(2);

  private final Consumer<String, LaneRecord> consumer;
  private final UnclaimedRequests unclaimed;
  private final Map<TopicPartition, PartitionClaims> partitions = new ConcurrentHashMap<>();
  // Since when each is read by this dispatcher; on the consumer's thread.
  private final Map<TopicPartition, Instant> since = new HashMap<>();

  /** Drops requests that wait and whose claim is not in Kafka: another dispatcher reads them. */
  interface UnclaimedRequests {
    void drop(Set<TopicPartition> lanes);
  }

  Assignment(Consumer<String, LaneRecord> consumer, UnclaimedRequests unclaimed) {
    this.consumer = consumer;
    this.unclaimed = unclaimed;
  }

  PartitionClaims claims(TopicPartition lane) {
    return partitions.get(lane);
  }

  /** Since when a lane can be read here, for all that its records tell of it. */
  Instant since(TopicPartition lane) {
    return since.getOrDefault(lane, Instant.EPOCH);
  }

  /** All lanes can be read from now on, and could not before. */
  void readable() {
    Instant now = Instant.now();
    since.replaceAll((lane, before) -> now);
  }

  Set<TopicPartition> lanes() {
    return partitions.keySet();
  }

  /** Requests taken whose claims are not yet in Kafka. */
  int pending() {
    int pending = 0;
    for (PartitionClaims claims : partitions.values()) {
      pending += claims.pending();
    }
    return pending;
  }

  /** Gives up every claim that is not in Kafka, and reads on from the first of them. */
  void rewind() {
    Set<TopicPartition> readable = consumer.assignment();
    partitions.replaceAll(
        (lane, claims) -> {
          PartitionClaims.Rewind rewind = claims.rewind();
          // One that is being taken away is read from the committed position by whoever gets it.
          if (readable.contains(lane)) {
            rewind.from().ifPresent(offset -> consumer.seek(lane, offset));
          }
          return rewind.claims();
        });
  }

  /** Commits, without waiting, what has been claimed since the last time. */
  void commit() {
    Map<TopicPartition, OffsetAndMetadata> positions = positions(partitions.keySet());
    if (!positions.isEmpty()) {
      consumer.commitAsync(positions, (committed, failure) -> committed(positions, failure));
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    Instant now = Instant.now();
    assigned.forEach(
        lane -> {
          partitions.put(lane, new PartitionClaims());
          since.put(lane, now);
        });
    if (!assigned.isEmpty()) {
      LOG.info("lanes assigned count={} now={}", assigned.size(), partitions.size());
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    settle(revoked);
    Map<TopicPartition, OffsetAndMetadata> positions = positions(revoked);
    if (!positions.isEmpty()) {
      try {
        consumer.commitSync(positions, COMMITTING);
      } catch (KafkaException failure) {
        LOG.warn(
            "claims of revoked lanes not committed, they will run twice: {}", failure.toString());
      }
    }
    giveUp(revoked);
  }

  /** Others may read these partitions already; nothing can be committed. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    LOG.warn("lanes lost count={}", lost.size());
    giveUp(lost);
  }

  private void settle(Collection<TopicPartition> revoked) {
    long deadline = System.nanoTime() + SETTLING.toNanos();
    try {
      for (TopicPartition lane : revoked) {
        PartitionClaims claims = partitions.get(lane);
        if (claims != null && !claims.awaitSettled(deadline)) {
          LOG.warn("claims not acknowledged in time lane={} count={}", lane, claims.pending());
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveUp(Collection<TopicPartition> gone) {
    gone.forEach(
        lane -> {
          PartitionClaims claims = partitions.remove(lane);
          since.remove(lane);
          if (claims != null) {
            claims.give();
          }
        });
    unclaimed.drop(Set.copyOf(gone));
    if (!gone.isEmpty()) {
      LOG.info("lanes given up count={} now={}", gone.size(), partitions.size());
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> positions(Collection<TopicPartition> lanes) {
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    for (TopicPartition lane : lanes) {
      PartitionClaims claims = partitions.get(lane);
      if (claims != null) {
        claims.toCommit().ifPresent(offset -> positions.put(lane, new OffsetAndMetadata(offset)));
      }
    }
    return positions;
  }

  private void committed(Map<TopicPartition, OffsetAndMetadata> positions, Exception failure) {
    if (failure != null) {
      LOG.warn("commit failed, it is tried again: {}", failure.toString());
      positions
          .keySet()
          .forEach(
              lane -> {
                PartitionClaims claims = partitions.get(lane);
                if (claims != null) {
                  claims.notCommitted();
                }
              });
    }
  }
}
