package io.weir.controller.requests;

import io.weir.controller.requests.RequestProcessor.Parts;
import io.weir.schemas.BatchResult;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.TenantSpend;
import io.weir.schemas.Topics;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The lifecycle, the stores it is folded into, how lines of batches ended, and what tenants used
 * up.
 */
final class RequestTopology {
  private static final String SOURCE = "lifecycle";
  private static final String REQUESTS = "requests";

  /** Where results of batches' lines go. */
  static final String BATCH_ITEMS = "batch-items";

  /** Where sums of what tenants used up go. */
  static final String TENANT_SPEND = "tenant-spend";

  private RequestTopology() {}

  static Topology of(KafkaSettings kafka, Parts parts) {
    Deserializer<LifecycleEvent> events =
        new UnreadableAsNull<>(kafka.<LifecycleEvent>serde().deserializer());
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            SOURCE,
            new StringDeserializer(),
            events,
            Topics.lifecycle())
        .addProcessor(REQUESTS, new Supplier(kafka, parts), SOURCE)
        .addSink(
            BATCH_ITEMS,
            Topics.batchItems(),
            new StringSerializer(),
            kafka.<BatchResult>serde().serializer(),
            REQUESTS)
        .addSink(
            TENANT_SPEND,
            Topics.tenantSpend(),
            new StringSerializer(),
            kafka.<TenantSpend>serde().serializer(),
            REQUESTS);
  }

  private record Supplier(KafkaSettings kafka, Parts parts)
      implements ProcessorSupplier<String, LifecycleEvent, String, SpecificRecord> {
    @Override
    public Processor<String, LifecycleEvent, String, SpecificRecord> get() {
      return new RequestProcessor(parts);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return RequestStores.builders(kafka);
    }
  }
}
