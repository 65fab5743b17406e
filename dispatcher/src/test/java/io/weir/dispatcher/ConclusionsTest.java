package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.routing.pick.PickRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ConclusionsTest {
  private final MockProducer<String, ResponseChunk> responses =
      new MockProducer<>(false, null, new StringSerializer(), (topic, value) -> new byte[0]);
  private final MockProducer<String, SpecificRecord> events =
      new MockProducer<>(true, null, new StringSerializer(), (topic, value) -> new byte[0]);
  private final MockProducer<String, SpecificRecord> claims =
      new MockProducer<>(true, null, new StringSerializer(), (topic, value) -> new byte[0]);
  private final DispatcherMetrics metrics = new DispatcherMetrics(new SimpleMeterRegistry());
  private final Conclusions conclusions =
      new Conclusions(
          responses,
          new LifecycleLog(claims, events, metrics),
          new Events("member", Clock.systemUTC()),
          metrics);
  private final Tenure tenure = new Tenure(7, () -> true);
  private final ClaimState claim = ClaimState.ofFurtherAttempt(tenure);
  private final Held held =
      new Held(
          InferenceRequest.newBuilder()
              .setId("request")
              .setTenant("tenant")
              .setSource("east")
              .setPool("llama")
              .setRequestClass(RequestClass.STANDARD)
              .setModel("model")
              .setPath("/v1/completions")
              .setContentType("application/json")
              .setStream(false)
              .setBody(ByteBuffer.allocate(0))
              .setAffinity("")
              .setReply(new ReplyAddress("replies", 0, 0L))
              .setEnqueuedAt(Instant.EPOCH)
              .setExpiresAt(Instant.EPOCH)
              .setPromptTokens(1)
              .setOutputTokens(1)
              .build(),
          new Attempt("attempt", 1),
          new TopicPartition("lane", 0),
          new RecordPointer("lane", 0, 0L),
          claim,
          PickRequest.of("request"),
          Set.of(),
          Optional.empty());

  private List<LifecycleEvent> written() {
    return events.history().stream()
        .map(ProducerRecord::value)
        .map(LifecycleEvent.class::cast)
        .toList();
  }

  private CompletableFuture<Void> end() {
    return CompletableFuture.runAsync(
        () ->
            conclusions.withoutEngine(
                held, LifecycleType.EXPIRED, FailureReason.DEADLINE_EXCEEDED.failure("late")));
  }

  @Test
  void theTerminalFollowsTheEndThatFollowsTheClaim() {
    // Given
    CompletableFuture<Void> ended = end();
    assertThat(responses.history()).isEmpty();

    // When
    claim.ack();
    Awaitility.await().until(() -> !responses.history().isEmpty());
    assertThat(written()).isEmpty();
    responses.completeNext();
    ended.join();

    // Then
    LifecycleEvent terminal = written().getLast();
    assertThat(terminal.getType()).isEqualTo(LifecycleType.EXPIRED);
    assertThat(terminal.getMemberEpoch()).contains(7L);
    assertThat(terminal.getAttempt()).contains(held.attempt());
  }

  @Test
  void anAttemptWhoseEndCannotBePublishedIsLetGo() {
    // Given
    claim.ack();
    CompletableFuture<Void> ended = end();
    Awaitility.await().until(() -> !responses.history().isEmpty());

    // When
    responses.errorNext(new TimeoutException("no broker"));
    ended.join();

    // Then
    LifecycleEvent letGo = written().getLast();
    assertThat(written()).hasSize(1);
    assertThat(letGo.getType()).isEqualTo(LifecycleType.RETRIED);
    assertThat(letGo.getAttempt()).isEmpty();
    assertThat(letGo.getClosedAttempts()).containsExactly("attempt");
  }

  @Test
  void nothingIsSaidOfAnAttemptOfATenureThatIsOver() {
    // Given
    claim.ack();
    CompletableFuture<Void> ended = end();
    Awaitility.await().until(() -> !responses.history().isEmpty());

    // When
    tenure.end();
    responses.completeNext();
    ended.join();

    // Then the END stands, and the terminal is somebody else's to write
    assertThat(written()).isEmpty();
  }
}
