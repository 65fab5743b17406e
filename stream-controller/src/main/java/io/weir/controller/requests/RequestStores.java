package io.weir.controller.requests;

import io.weir.schemas.KafkaSettings;
import io.weir.schemas.PendingCallback;
import io.weir.schemas.RequestState;
import io.weir.schemas.TenantSpend;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stores of one partition of the lifecycle. Their names are parts of topic names, see {@link
 * io.weir.schemas.Topics#requestStates()}.
 */
final class RequestStores {
  /** Every request that is not older than the retention, by id: ids sort by time. */
  static final String STATES = "states";

  /** Requests without a visible terminal, by {@link OpenKey}; the values are empty. */
  static final String OPEN = "open";

  /** Results that are still to be posted, by request id. */
  static final String CALLBACKS = "callbacks";

  /** What tenants used up on the days of this month, by tenant and day. */
  static final String SPENDING = "spending";

  /** What is not in a closed segment is not compacted, and a start without disk reads all of it. */
  private static final Map<String, String> CHANGELOG =
      Map.of(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Duration.ofHours(1).toMillis()));

  private RequestStores() {}

  /** All of them. A cache merges the steps of a request that come within one commit. */
  static Set<StoreBuilder<?>> builders(KafkaSettings kafka) {
    return Set.of(
        builder(STATES, kafka.<RequestState>serde()),
        builder(OPEN, Serdes.ByteArray()),
        builder(CALLBACKS, kafka.<PendingCallback>serde()),
        builder(SPENDING, kafka.<TenantSpend>serde()));
  }

  private static <V> StoreBuilder<?> builder(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), values)
        .withCachingEnabled()
        .withLoggingEnabled(CHANGELOG);
  }
}
