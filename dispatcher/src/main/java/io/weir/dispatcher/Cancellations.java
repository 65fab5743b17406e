package io.weir.dispatcher;

import io.weir.schemas.Cancellation;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Follows the cancellations of one source from the first that is kept. */
final class Cancellations implements AutoCloseable {
  /** About 40 MB of ids. */
  private static final int MOST = 200_000;

  private static final Duration FORGET = Duration.ofSeconds(10);

  private final CancelledIds ids = new CancelledIds(MOST);
  private final Clock clock;
  private final TopicFollower follower;
  // Used by the sweeper alone.
  private long forgotAt;

  private Cancellations(KafkaSettings kafka, String member, String source, Clock clock) {
    this.clock = clock;
    this.follower =
        TopicFollower.start(
            kafka,
            member + "-cancellations",
            List.of(Topics.cancellations(source)),
            Start.BEGINNING,
            this::heard);
  }

  /** Begins to follow; returns at once. The topic has to exist. */
  static Cancellations follow(KafkaSettings kafka, String member, String source, Clock clock) {
    return new Cancellations(kafka, member, source, clock);
  }

  private void heard(ConsumerRecord<String, SpecificRecord> record) {
    if (record.value() instanceof Cancellation cancellation) {
      long expiresAt = cancellation.getExpiresAt().toEpochMilli();
      if (expiresAt > clock.millis()) {
        ids.add(cancellation.getRequestId(), expiresAt);
      }
    }
  }

  /** True once all that were written before this dispatcher started are known. */
  boolean isCaughtUp() {
    return follower.isCaughtUp();
  }

  boolean contains(String requestId) {
    return ids.contains(requestId);
  }

  /** True if any came since the last call. */
  boolean takeNews() {
    return ids.takeNews();
  }

  /** Forgets what needs not be known any more, every now and then. */
  void forgetExpired() {
    long now = clock.millis();
    if (now - forgotAt >= FORGET.toMillis()) {
      forgotAt = now;
      ids.forgetExpired(now);
    }
  }

  /** How many are known. */
  int size() {
    return ids.size();
  }

  @Override
  public void close() {
    follower.close();
  }
}
