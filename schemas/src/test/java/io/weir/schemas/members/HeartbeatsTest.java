package io.weir.schemas.members;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.EngineLoad;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.Role;
import io.weir.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final MockProducer<String, Member> kafka =
      new MockProducer<>(false, null, new StringSerializer(), (topic, value) -> new byte[0]);
  private long nanos;
  private Supplier<List<PoolLoad>> loads = List::of;
  private final Heartbeats heartbeats =
      new Heartbeats(
          new Identity("d1", Role.DISPATCHER, Optional.of("east"), "http://127.0.0.1:9"),
          LeaseTerms.STANDARD,
          kafka,
          () -> loads.get(),
          List::of,
          Clock.fixed(NOW, ZoneOffset.UTC),
          () -> nanos);

  @AfterEach
  void close() {
    heartbeats.close();
  }

  @Test
  void aHeartbeatSaysWhoAndWhat() {
    // Given
    PoolLoad load =
        PoolLoad.newBuilder()
            .setPool("llama")
            .setReady(3)
            .setEngines(List.of(new EngineLoad("e1", 2)))
            .build();
    loads = () -> List.of(load);

    // When
    heartbeats.beat();
    heartbeats.beat();

    // Then
    ProducerRecord<String, Member> second = kafka.history().getLast();
    assertThat(second.topic()).isEqualTo(Topics.members());
    assertThat(second.key()).isEqualTo("d1");
    assertThat(second.value().getSource()).contains("east");
    assertThat(second.value().getBeat()).isEqualTo(1);
    assertThat(second.value().getEpoch()).isEqualTo(NOW.toEpochMilli());
    assertThat(second.value().getPools()).containsExactly(load);
    assertThat(second.value().getLeaving()).isFalse();
  }

  @Test
  void theLeaseRunsFromWhenTheAcknowledgedHeartbeatWasSent() {
    // Given
    assertThat(heartbeats.lease().isHeld()).isFalse();
    heartbeats.beat();
    pass(Duration.ofSeconds(2));
    assertThat(heartbeats.lease().isHeld()).isFalse();

    // When
    kafka.completeNext();

    // Then
    assertThat(heartbeats.lease().isHeld()).isTrue();
    assertThat(heartbeats.lease().sinceRenewal()).isEqualTo(Duration.ofSeconds(2));

    // When
    pass(Duration.ofMillis(1_001));

    // Then
    assertThat(heartbeats.lease().isHeld()).isFalse();
  }

  @Test
  void aHeartbeatThatFailsRenewsNothing() {
    // Given
    heartbeats.beat();

    // When
    kafka.errorNext(new TimeoutException("no broker"));

    // Then
    assertThat(heartbeats.lease().isHeld()).isFalse();
  }

  @Test
  void aLeaseThatLapsedUnseenIsNotTheSameWhenItIsRenewed() {
    // Given
    heartbeats.beat();
    kafka.completeNext();
    long holding = heartbeats.lease().holding();
    pass(Duration.ofSeconds(2));
    heartbeats.beat();
    kafka.completeNext();
    assertThat(heartbeats.lease().isHeldSince(holding)).isTrue();

    // When the instance sleeps, and its next heartbeat is taken before anybody looks
    pass(Duration.ofSeconds(10));
    heartbeats.beat();
    kafka.completeNext();

    // Then
    assertThat(heartbeats.lease().isHeld()).isTrue();
    assertThat(heartbeats.lease().isHeldSince(holding)).isFalse();
  }

  @Test
  void aNewEpochIsHigherAndOnlyItsOwnHeartbeatsRenewTheLease() {
    // Given a heartbeat on its way
    heartbeats.beat();
    kafka.completeNext();
    heartbeats.beat();
    long before = heartbeats.epoch();

    // When
    long renewed = heartbeats.renewEpoch();
    kafka.completeNext();

    // Then
    assertThat(renewed).isGreaterThan(before).isEqualTo(heartbeats.epoch());
    assertThat(heartbeats.lease().isHeld()).isFalse();

    // When
    pass(Duration.ofMillis(1));
    heartbeats.beat();
    kafka.completeNext();

    // Then
    Member first = kafka.history().getLast().value();
    assertThat(first.getEpoch()).isEqualTo(renewed);
    assertThat(first.getBeat()).isZero();
    assertThat(heartbeats.lease().isHeld()).isTrue();
  }

  @Test
  void aLoadThatCannotBeToldDoesNotEndTheLease() {
    // Given
    loads =
        () -> {
          throw new IllegalStateException("a fault");
        };

    // When
    heartbeats.beat();
    kafka.completeNext();

    // Then
    assertThat(heartbeats.lease().isHeld()).isTrue();
  }

  @Test
  void theLastWordIsThatItLeaves() {
    // Given
    heartbeats.beat();

    // When
    heartbeats.close();
    heartbeats.beat();

    // Then
    assertThat(kafka.history()).hasSize(2);
    assertThat(kafka.history().getLast().value().getLeaving()).isTrue();
    assertThat(kafka.closed()).isTrue();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
