package io.weir.ingress;

import io.weir.schemas.Cancellation;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a dispatcher knows of cancellations. */
final class SeenCancellations implements AutoCloseable {
  private final Map<String, String> reasons = new ConcurrentHashMap<>();
  private final TopicFollower follower;

  SeenCancellations(KafkaSettings kafka, String source) {
    follower =
        TopicFollower.start(
            kafka,
            "seen-cancellations",
            List.of(Topics.cancellations(source)),
            TopicFollower.Start.BEGINNING,
            record -> {
              if (record.value() instanceof Cancellation cancellation) {
                reasons.put(record.key(), cancellation.getReason());
              }
            });
  }

  /** Reasons by request. */
  Map<String, String> reasons() {
    return reasons;
  }

  @Override
  public void close() {
    follower.close();
  }
}
