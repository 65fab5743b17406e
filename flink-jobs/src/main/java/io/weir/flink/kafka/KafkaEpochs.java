package io.weir.flink.kafka;

import io.weir.flink.Epochs;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Reads the weights topic whole to find the highest epoch in it. */
final class KafkaEpochs implements Epochs {
  private static final long serialVersionUID = 1L;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HashMap<String, String> kafka;

  KafkaEpochs(Map<String, String> kafka) {
    this.kafka = new HashMap<>(kafka);
  }

  @Override
  public long next() throws IOException, InterruptedException {
    AtomicLong highest = new AtomicLong();
    try (TopicFollower follower =
        TopicFollower.start(
            new KafkaSettings(kafka),
            "weir-weights-epoch",
            List.of(Topics.weights()),
            Start.BEGINNING,
            record -> {
              if (record.value() instanceof RoutingWeights table) {
                highest.accumulateAndGet(table.getEpoch(), Math::max);
              }
            })) {
      if (!follower.awaitCaughtUp(PATIENCE)) {
        throw new IOException(
            "The topic %s could not be read within %d s, so it is not known which epoch is new. Check that it exists and that the brokers are up."
                .formatted(Topics.weights(), PATIENCE.toSeconds()));
      }
    }
    return Math.max(System.currentTimeMillis(), highest.get() + 1);
  }
}
