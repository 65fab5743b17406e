package io.weir.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.FleetRecords;
import io.weir.routing.fleet.Pool;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.KafkaSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EngineIntentTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final EngineSpec A = spec("1");

  @BeforeAll
  static void trustTheRecords() {
    // As any process does that reads Kafka: Avro copies no classes but those that are trusted.
    KafkaSettings.of("localhost:1", "http://localhost:1").consumer(Map.of());
  }

  @Test
  void whatAFleetBeginsWithNeedsNoRamp() {
    assertThat(EngineIntent.configured(A, Optional.empty()).applyTo(Optional.empty())).contains(A);
  }

  @Test
  void whatJoinsLaterStartsSmall() {
    EngineSpec joined =
        EngineIntent.configured(A, Optional.of(NOW)).applyTo(Optional.empty()).orElseThrow();

    assertThat(joined.getRampFrom()).contains(NOW);
  }

  @Test
  void aFileChangesNeitherDrainNorRamp() {
    // Given
    EngineSpec standing =
        EngineSpec.newBuilder(A).setDraining(true).setRampFrom(NOW).setAdded(true).build();

    // When
    EngineSpec next =
        EngineIntent.configured(spec("2"), Optional.of(NOW.plusSeconds(60)))
            .applyTo(Optional.of(standing))
            .orElseThrow();

    // Then
    assertThat(next.getWeight()).isEqualTo(2);
    assertThat(next.getDraining()).isTrue();
    assertThat(next.getRampFrom()).contains(NOW);
    assertThat(next.getAdded()).isFalse();
  }

  @Test
  void whatAFileNoLongerHasGoesUnlessItWasAddedAtRunTime() {
    EngineSpec added = EngineIntent.added(A, NOW).applyTo(Optional.empty()).orElseThrow();

    assertThat(added.getAdded()).isTrue();
    assertThat(EngineIntent.vanished().applyTo(Optional.of(added))).contains(added);
    assertThat(EngineIntent.vanished().applyTo(Optional.of(A))).isEmpty();
    assertThat(EngineIntent.removed().applyTo(Optional.of(added))).isEmpty();
  }

  @Test
  void drainAndUndrain() {
    EngineSpec drained = EngineIntent.drained().applyTo(Optional.of(A)).orElseThrow();
    EngineSpec back = EngineIntent.undrained(NOW).applyTo(Optional.of(drained)).orElseThrow();

    assertThat(drained.getDraining()).isTrue();
    assertThat(back.getDraining()).isFalse();
    assertThat(back.getRampFrom()).contains(NOW);
    assertThat(EngineIntent.undrained(NOW.plusSeconds(9)).applyTo(Optional.of(back)))
        .contains(back);
    assertThat(EngineIntent.drained().applyTo(Optional.empty())).isEmpty();
  }

  private static EngineSpec spec(String weight) {
    Engine engine =
        Configs.with(
            Engine.class,
            Map.of("id", "a", "url", "http://h:1", "pool", "llama", "weight", weight));
    Pool pool = Configs.with(Pool.class, Map.of("name", "llama"));
    return FleetRecords.engines(new Fleet(List.of(), List.of(pool), List.of(engine))).getFirst();
  }
}
