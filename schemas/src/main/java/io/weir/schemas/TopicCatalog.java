package io.weir.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * Every topic there is, for given sources and pools.
 *
 * @param layout partitions, copies and limits
 */
public record TopicCatalog(TopicLayout layout) {
  /** Two days in which a request may still run, and two hours to look at what went wrong. */
  private static final Retention REQUESTS = new Retention(Duration.ofHours(50));

  private static final Retention RESPONSES = new Retention(Duration.ofDays(3));
  private static final Retention LIFECYCLE = new Retention(Duration.ofDays(7));

  /**
   * The topics of a fleet, each once: a lane for every source, pool and class, the answers of every
   * source, and the lifecycle.
   *
   * @throws IllegalArgumentException if a source's or pool's name cannot be part of a topic name
   */
  public List<TopicSpec<?>> topics(Collection<String> sources, Collection<String> pools) {
    List<TopicSpec<?>> topics = new ArrayList<>();
    for (String source : sources.stream().distinct().toList()) {
      for (String pool : pools.stream().distinct().toList()) {
        for (RequestClass requestClass : RequestClass.values()) {
          topics.add(
              spec(
                  Topics.requests(source, pool, requestClass),
                  InferenceRequest.class,
                  layout.lanePartitions(),
                  REQUESTS));
        }
      }
      topics.add(
          spec(
              Topics.responses(source),
              ResponseChunk.class,
              layout.responsePartitions(),
              RESPONSES));
    }
    topics.add(
        spec(Topics.lifecycle(), LifecycleEvent.class, layout.lifecyclePartitions(), LIFECYCLE));
    return List.copyOf(topics);
  }

  private <V extends SpecificRecord> TopicSpec<V> spec(
      String name, Class<V> value, int partitions, Retention retention) {
    return new TopicSpec<>(
        name,
        value,
        partitions,
        retention,
        (short) layout.replicationFactor(),
        layout.maxRecordBytes());
  }
}
