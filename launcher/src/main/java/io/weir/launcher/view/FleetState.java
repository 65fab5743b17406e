package io.weir.launcher.view;

import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.Member;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The last word of every topic on each of its keys. */
public final class FleetState implements TopicFollower.Listener {
  /**
   * A member that was heard of before this is gone, for people: the log itself decides by ticks.
   */
  private static final Duration ALIVE = Duration.ofSeconds(5);

  private final Map<String, EngineSpec> engines = new TreeMap<>();
  private final Map<String, EngineSample> samples = new TreeMap<>();
  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, RoutingWeights> weights = new TreeMap<>();
  private final Traffic traffic = new Traffic();

  /**
   * What was known at one moment.
   *
   * @param engines in the order of their ids
   * @param samples the last of every engine, by id
   * @param members those that are alive
   * @param weights one table for every source and pool
   * @param traffic requests since the reading began
   * @param at when
   */
  record Snapshot(
      List<EngineSpec> engines,
      Map<String, EngineSample> samples,
      List<Member> members,
      List<RoutingWeights> weights,
      Traffic.Counts traffic,
      Instant at) {
    /** What dispatchers have in flight on an engine. */
    int inFlight(String engine) {
      return members.stream()
          .flatMap(member -> member.getPools().stream())
          .flatMap(pool -> pool.getEngines().stream())
          .filter(load -> load.getEngine().equals(engine))
          .mapToInt(load -> load.getInFlight())
          .sum();
    }

    /** Requests of a source that dispatchers hold ready for an engine. */
    int ready(String source) {
      return members.stream()
          .filter(member -> member.getSource().equals(Optional.of(source)))
          .flatMap(member -> member.getPools().stream())
          .mapToInt(pool -> pool.getReady())
          .sum();
    }
  }

  @Override
  public synchronized void record(ConsumerRecord<String, SpecificRecord> record) {
    switch (record.value()) {
      case EngineSpec engine -> engines.put(record.key(), engine);
      case EngineSample sample -> samples.put(record.key(), sample);
      case Member member -> members.put(record.key(), member);
      case RoutingWeights table -> weights.put(record.key(), table);
      case LifecycleEvent event -> traffic.count(event);
      case null -> remove(record.topic(), record.key());
      default -> {}
    }
  }

  private void remove(String topic, String key) {
    if (topic.equals(Topics.engines())) {
      engines.remove(key);
      samples.remove(key);
    } else if (topic.equals(Topics.members())) {
      members.remove(key);
    } else if (topic.equals(Topics.weights())) {
      weights.remove(key);
    }
  }

  /** True if every engine that has metrics has told of itself. */
  synchronized boolean everySampleIsThere() {
    return samples.keySet().containsAll(engines.keySet());
  }

  synchronized Snapshot at(Instant now) {
    return new Snapshot(
        List.copyOf(engines.values()),
        new TreeMap<>(samples),
        members.values().stream()
            .filter(member -> !member.getLeaving() && member.getAt().plus(ALIVE).isAfter(now))
            .toList(),
        List.copyOf(weights.values()),
        traffic.counts(),
        now);
  }
}
