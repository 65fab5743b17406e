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
  private static final Retention REQUESTS = new Retention.Delete(Duration.ofHours(50));

  private static final Retention RESPONSES = new Retention.Delete(Duration.ofDays(3));
  private static final Retention LIFECYCLE = new Retention.Delete(Duration.ofDays(7));

  /** An instance that has not been heard of for a day is of no interest to anybody. */
  private static final Retention MEMBERS = new Retention.CompactAndDelete(Duration.ofDays(1));

  private static final Retention TELEMETRY = new Retention.Delete(Duration.ofDays(7));
  private static final Retention WEIGHTS_HISTORY = new Retention.Delete(Duration.ofDays(30));
  private static final Retention IDEMPOTENCY = new Retention.CompactAndDelete(Duration.ofDays(3));
  private static final Retention FILES = new Retention.Delete(Duration.ofDays(30));
  private static final Retention BATCHES = new Retention.CompactAndDelete(Duration.ofDays(30));

  /** A month's budget, and another month for whoever looks back. */
  private static final Retention SPEND = new Retention.CompactAndDelete(Duration.ofDays(62));

  private static final Retention LATEST = new Retention.Compact();

  /**
   * The topics of a fleet, each once: a lane for every source, pool and class, what is to be run
   * again of every source and pool, the answers and cancellations of every source, the lifecycle,
   * files and batches, and what is known and planned of members, engines and distances.
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
        topics.add(
            spec(Topics.requeues(source, pool), Requeue.class, layout.lanePartitions(), REQUESTS));
      }
      topics.add(
          spec(
              Topics.responses(source),
              ResponseChunk.class,
              layout.responsePartitions(),
              RESPONSES));
      topics.add(
          spec(
              Topics.cancellations(source), Cancellation.class, layout.lanePartitions(), REQUESTS));
    }
    topics.add(
        spec(Topics.lifecycle(), LifecycleEvent.class, layout.lifecyclePartitions(), LIFECYCLE));
    topics.add(
        spec(
            Topics.idempotency(),
            IdempotentRequest.class,
            layout.lifecyclePartitions(),
            IDEMPOTENCY));
    topics.add(spec(Topics.files(), FileChunk.class, layout.lanePartitions(), FILES));
    topics.add(spec(Topics.fileInfos(), FileInfo.class, 1, BATCHES));
    topics.add(spec(Topics.batches(), Batch.class, 1, BATCHES));
    topics.add(spec(Topics.batchItems(), BatchResult.class, layout.lanePartitions(), LIFECYCLE));
    topics.add(spec(Topics.deadLetters(), DeadLetter.class, 1, FILES));
    // One partition each: their order over all keys counts, and every reader reads all of them.
    topics.add(spec(Topics.members(), Member.class, 1, MEMBERS));
    topics.add(spec(Topics.engines(), EngineSpec.class, 1, LATEST));
    topics.add(spec(Topics.tenants(), Tenant.class, 1, LATEST));
    topics.add(spec(Topics.tenantKeys(), TenantKey.class, 1, LATEST));
    topics.add(spec(Topics.tenantSpend(), TenantSpend.class, 1, SPEND));
    topics.add(spec(Topics.geography(), GeoLink.class, 1, LATEST));
    topics.add(spec(Topics.telemetry(), EngineSample.class, 1, TELEMETRY));
    topics.add(spec(Topics.weights(), RoutingWeights.class, 1, LATEST));
    topics.add(spec(Topics.weightsHistory(), RoutingWeights.class, 1, WEIGHTS_HISTORY));
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
