package io.weir.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads whole topics, all partitions, and goes on reading them: for the small topics that everybody
 * knows all of. Belongs to no consumer group and commits nothing. Records that cannot be read are
 * skipped and said so in the log.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration REST = Duration.ofSeconds(1);
  private static final String FETCH_WAIT_MILLIS = "2000";

  /** Where reading begins. */
  public enum Start {
    BEGINNING,
    END
  }

  /** Takes the records, one at a time, on the follower's own thread. */
  public interface Listener {
    /** One record; its value is null where the key was removed. */
    void record(ConsumerRecord<String, SpecificRecord> record);

    /** Everything that stood in the topics when reading began has been given; called once. */
    default void caughtUp() {}
  }

  private final KafkaConsumer<String, SpecificRecord> consumer;
  private final List<String> topics;
  private final Start start;
  private final Listener listener;
  private final Map<TopicPartition, Long> until = new HashMap<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final Thread thread;

  private TopicFollower(
      KafkaSettings kafka, String name, List<String> topics, Start start, Listener listener) {
    this.consumer =
        new KafkaConsumer<>(
            kafka.consumer(
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    name,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    // A change has to be seen at once; these topics are small.
                    ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                    "1",
                    // And most of the time nothing changes: there are dozens of followers, and
                    // one that asks twice a second in vain is load for nothing.
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    FETCH_WAIT_MILLIS,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    // What was taken back was never said.
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed")));
    this.topics = List.copyOf(topics);
    this.start = start;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("weir-follower-" + name).unstarted(this::run);
  }

  /**
   * Begins to read; returns at once. The topics have to exist.
   *
   * @param name of the client and its thread
   */
  public static TopicFollower start(
      KafkaSettings kafka, String name, List<String> topics, Start start, Listener listener) {
    TopicFollower follower = new TopicFollower(kafka, name, topics, start, listener);
    follower.thread.start();
    return follower;
  }

  /** True once everything that stood in the topics when reading began has been given. */
  public boolean isCaughtUp() {
    return caughtUp.getCount() == 0;
  }

  /** Waits for that; false if it is not so in time. */
  public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
    return caughtUp.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void run() {
    try {
      boolean assigned = false;
      while (stopping.getCount() > 0) {
        try {
          assigned = assigned || assign();
          poll();
        } catch (WakeupException stop) {
          LOG.debug("follower woken to stop");
        } catch (RecordDeserializationException unreadable) {
          LOG.warn(
              "record skipped topic={} offset={}: {}",
              unreadable.topicPartition().topic(),
              unreadable.offset(),
              String.valueOf(unreadable.getCause()));
          consumer.seek(unreadable.topicPartition(), unreadable.offset() + 1);
        } catch (RetriableException trouble) {
          LOG.warn("topics {} cannot be read now: {}", topics, trouble.toString());
          rest();
        }
      }
    } catch (KafkaException fault) {
      LOG.error("topics {} can no longer be read", topics, fault);
    } finally {
      // Not behind a fetch that waits for news.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  /** Takes all partitions and notes where they end; false if a topic is not there yet. */
  private boolean assign() {
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.stream().map(TopicPartition::topic).distinct().count() < topics.size()) {
      rest();
      return false;
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    if (start == Start.BEGINNING) {
      consumer.seekToBeginning(partitions);
      until.putAll(ends);
    } else {
      ends.forEach(consumer::seek);
    }
    checkCaughtUp();
    return true;
  }

  private void poll() {
    if (consumer.assignment().isEmpty()) {
      return;
    }
    for (ConsumerRecord<String, SpecificRecord> record : consumer.poll(POLL)) {
      try {
        listener.record(record);
      } catch (RuntimeException fault) {
        LOG.error(
            "record not taken topic={} offset={}; the next one is read",
            record.topic(),
            record.offset(),
            fault);
      }
    }
    checkCaughtUp();
  }

  private void checkCaughtUp() {
    if (isCaughtUp()) {
      return;
    }
    until.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
    if (until.isEmpty()) {
      // Whoever waits for it may rely on what the listener made of it.
      listener.caughtUp();
      caughtUp.countDown();
    }
  }

  private void rest() {
    try {
      if (stopping.await(REST.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("follower stops");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }

  /** Stops reading. */
  @Override
  public void close() {
    stopping.countDown();
    consumer.wakeup();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        LOG.warn("follower did not stop in time topics={}", topics);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
