package io.weir.ingress.admission;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.util.List;

/** Follows the tables of weights for what they say of shedding. */
public final class PlanFollower implements AutoCloseable {
  private final TopicFollower follower;

  /**
   * Begins to follow.
   *
   * @param name of the Kafka client and its thread
   */
  public PlanFollower(KafkaSettings kafka, String name, AdmissionControl admission, Clock clock) {
    this.follower =
        TopicFollower.start(
            kafka,
            name + "-plans",
            List.of(Topics.weights()),
            Start.BEGINNING,
            record -> {
              if (record.value() instanceof RoutingWeights table) {
                admission.planned(table, clock.millis() - record.timestamp());
              }
            });
  }

  @Override
  public void close() {
    follower.close();
  }
}
