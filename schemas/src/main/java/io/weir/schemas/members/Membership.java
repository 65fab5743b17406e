package io.weir.schemas.members;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.Member;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Follows the heartbeats of all members, and knows who is alive. */
public final class Membership implements AutoCloseable {
  private final MemberLog log;
  private final Consumer<Members> listener;
  private final TopicFollower follower;
  private volatile Members current = Members.NONE;

  private Membership(
      KafkaSettings kafka, String name, LeaseTerms terms, Consumer<Members> listener) {
    this.log = new MemberLog(terms);
    this.listener = listener;
    this.follower =
        TopicFollower.start(
            kafka, name + "-members", List.of(Topics.members()), Start.BEGINNING, new Reader());
  }

  /**
   * Begins to follow; returns at once. The topic of members has to exist.
   *
   * @param name of the Kafka client and its thread
   * @param terms the same for all members
   * @param listener hears of every heartbeat once the topic has been read to its end, on the
   *     follower's thread; must not block
   */
  public static Membership follow(
      KafkaSettings kafka, String name, LeaseTerms terms, Consumer<Members> listener) {
    return new Membership(kafka, name, terms, listener);
  }

  /** Who is alive; nobody before the topic was read to its end. */
  public Members current() {
    return current;
  }

  /** True once the topic has been read to where it ended when following began. */
  public boolean isCaughtUp() {
    return follower.isCaughtUp();
  }

  /** Waits for that; false if it is not so in time. */
  public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
    return follower.awaitCaughtUp(patience);
  }

  @Override
  public void close() {
    follower.close();
  }

  private final class Reader implements TopicFollower.Listener {
    private boolean caughtUp;

    @Override
    public void record(ConsumerRecord<String, SpecificRecord> record) {
      log.apply(record.key(), Optional.ofNullable((Member) record.value()), record.timestamp());
      if (caughtUp) {
        publish();
      }
    }

    @Override
    public void caughtUp() {
      caughtUp = true;
      publish();
    }

    private void publish() {
      current = log.members();
      listener.accept(current);
    }
  }
}
