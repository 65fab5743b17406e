package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.routing.hash.TenantBuckets;
import io.weir.routing.order.DropReason;
import io.weir.schemas.RequestClass;
import org.junit.jupiter.api.Test;

class DispatcherMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DispatcherMetrics metrics = new DispatcherMetrics(registry);

  @Test
  void whatIsDroppedCountsByClassTenantAndReason() {
    metrics.dropped(RequestClass.FLEX, "acme", DropReason.QUEUE_DELAY);
    metrics.dropped(RequestClass.FLEX, "acme", DropReason.QUEUE_DELAY);
    assertThat(
            registry
                .get("weir.dispatcher.dropped")
                .tags("class", "flex", "reason", "queue_delay")
                .tag("tenant_bucket", TenantBuckets.of("acme"))
                .counter()
                .count())
        .isEqualTo(2);
  }
}
