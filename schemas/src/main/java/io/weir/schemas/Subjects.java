package io.weir.schemas;

import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** Under which subject a topic's schema stands in the registry. */
final class Subjects {
  private Subjects() {}

  /**
   * {@code <topic>-value} for a topic of its own kind; the record's full name for a family of
   * topics, which may have hundreds of members and one schema.
   */
  static String of(String topic, Schema schema) {
    return Topics.isOfFamily(topic) ? schema.getFullName() : topic + "-value";
  }

  /** Every subject and the schema this build writes under it. */
  static Map<String, Schema> current() {
    Map<String, Schema> current = new TreeMap<>();
    current.put(InferenceRequest.SCHEMA$.getFullName(), InferenceRequest.SCHEMA$);
    current.put(ResponseChunk.SCHEMA$.getFullName(), ResponseChunk.SCHEMA$);
    current.put(of(Topics.lifecycle(), LifecycleEvent.SCHEMA$), LifecycleEvent.SCHEMA$);
    current.put(of(Topics.members(), Member.SCHEMA$), Member.SCHEMA$);
    current.put(of(Topics.engines(), EngineSpec.SCHEMA$), EngineSpec.SCHEMA$);
    current.put(of(Topics.geography(), GeoLink.SCHEMA$), GeoLink.SCHEMA$);
    current.put(of(Topics.telemetry(), EngineSample.SCHEMA$), EngineSample.SCHEMA$);
    current.put(of(Topics.weights(), RoutingWeights.SCHEMA$), RoutingWeights.SCHEMA$);
    current.put(of(Topics.weightsHistory(), RoutingWeights.SCHEMA$), RoutingWeights.SCHEMA$);
    current.put(Requeue.SCHEMA$.getFullName(), Requeue.SCHEMA$);
    current.put(Cancellation.SCHEMA$.getFullName(), Cancellation.SCHEMA$);
    current.put(of(Topics.idempotency(), IdempotentRequest.SCHEMA$), IdempotentRequest.SCHEMA$);
    current.put(of(Topics.files(), FileChunk.SCHEMA$), FileChunk.SCHEMA$);
    current.put(of(Topics.fileInfos(), FileInfo.SCHEMA$), FileInfo.SCHEMA$);
    current.put(of(Topics.batches(), Batch.SCHEMA$), Batch.SCHEMA$);
    current.put(of(Topics.batchItems(), BatchResult.SCHEMA$), BatchResult.SCHEMA$);
    current.put(of(Topics.tenants(), Tenant.SCHEMA$), Tenant.SCHEMA$);
    current.put(of(Topics.tenantKeys(), TenantKey.SCHEMA$), TenantKey.SCHEMA$);
    current.put(of(Topics.tenantSpend(), TenantSpend.SCHEMA$), TenantSpend.SCHEMA$);
    current.put(of(Topics.deadLetters(), DeadLetter.SCHEMA$), DeadLetter.SCHEMA$);
    current.put(of(Topics.requestStates(), RequestState.SCHEMA$), RequestState.SCHEMA$);
    current.put(of(Topics.pendingCallbacks(), PendingCallback.SCHEMA$), PendingCallback.SCHEMA$);
    current.put(of(Topics.spentDays(), TenantSpend.SCHEMA$), TenantSpend.SCHEMA$);
    return current;
  }
}
