package io.weir.controller.admin;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicFollower.Start;
import io.weir.schemas.Topics;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The newest weights of every source and pool. */
public final class WeightTables implements AutoCloseable {
  private final ConcurrentSkipListMap<String, RoutingWeights> tables =
      new ConcurrentSkipListMap<>();
  private final TopicFollower follower;

  /** Begins to follow the weights. The topic has to exist. */
  public WeightTables(KafkaSettings kafka, String member) {
    this.follower =
        TopicFollower.start(
            kafka, member + "-weights", List.of(Topics.weights()), Start.BEGINNING, this::take);
  }

  private void take(ConsumerRecord<String, SpecificRecord> record) {
    if (record.value() instanceof RoutingWeights weights) {
      tables.merge(record.key(), weights, WeightTables::newer);
    } else {
      tables.remove(record.key());
    }
  }

  private static RoutingWeights newer(RoutingWeights known, RoutingWeights next) {
    boolean older =
        next.getEpoch() < known.getEpoch()
            || (next.getEpoch() == known.getEpoch() && next.getVersion() < known.getVersion());
    return older ? known : next;
  }

  /** True once the topic was read to where it ended at the beginning. */
  public boolean isCaughtUp() {
    return follower.isCaughtUp();
  }

  /** All tables, by source and pool. */
  List<RoutingWeights> all() {
    return List.copyOf(tables.values());
  }

  @Override
  public void close() {
    follower.close();
  }
}
