package io.weir.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.ingress.admission.Entry;
import io.weir.routing.admission.ShedReason;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShedLogTest {
  private long now;
  private final List<LifecycleEvent> events = new ArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final ShedLog log = new ShedLog("ingress-1", events::add, () -> now, metrics);

  private static ShedRequest request(String id, RequestClass requestClass) {
    return new ShedRequest(
        id,
        "acme",
        "here",
        "llama",
        requestClass,
        "llama",
        "/v1/chat/completions",
        true,
        new ReplyAddress("weir.responses.here", 0, 7L),
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(600),
        17,
        true,
        new Entry.Shed(
            3,
            4,
            ShedReason.QUEUE_DELAY,
            Map.of("wait_ms", 2400.0, "limit_ms", 1600.0),
            Duration.ofMillis(800)));
  }

  @Test
  void aShedRequestIsToldWithItsReasonAndNumbers() {
    log.shed(request("r", RequestClass.STANDARD));

    assertThat(events)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo(LifecycleType.SHED);
              assertThat(event.getAttempt()).isEmpty();
              assertThat(event.getRequest().orElseThrow().getPromptTokens()).isEqualTo(3);
              Failure failure = event.getFailure().orElseThrow();
              assertThat(failure.getReason()).isEqualTo("queue_delay");
              assertThat(failure.getStatus()).isEqualTo(429);
              assertThat(failure.getRetryAfterMs()).hasValue(800L);
              assertThat(failure.getNumbers())
                  .isEqualTo(Map.of("wait_ms", 2400.0, "limit_ms", 1600.0));
            });
    assertThat(
            metrics
                .counter(
                    "weir.ingress.shed",
                    "class",
                    "standard",
                    "reason",
                    "queue_delay",
                    "tenant_bucket",
                    bucket())
                .count())
        .isEqualTo(1);
  }

  private String bucket() {
    return metrics.find("weir.ingress.shed").counter().getId().getTag("tenant_bucket");
  }

  @Test
  void ofAFloodEveryRequestIsCountedAndFewAreTold() {
    // When two thousand are turned away within a second, of two classes
    for (int i = 0; i < 1000; i++) {
      log.shed(request("s" + i, RequestClass.STANDARD));
      log.shed(request("f" + i, RequestClass.FLEX));
    }
    assertThat(events).hasSize(100);
    now += 1_000_000_000L;
    log.flush();

    // Then those that were not told are told of by the last of each class
    assertThat(events).hasSize(102);
    assertThat(events.subList(100, 102))
        .extracting(LifecycleEvent::getRequestId)
        .containsExactlyInAnyOrder("s999", "f999");
    double all = 0;
    for (LifecycleEvent each : events) {
      all +=
          1 + each.getFailure().orElseThrow().getNumbers().getOrDefault(ShedRequest.REPEATED, 0.0);
    }
    assertThat(all).isEqualTo(2000);

    // And the next second has its own events
    log.shed(request("later", RequestClass.STANDARD));
    assertThat(events).hasSize(103);
  }
}
