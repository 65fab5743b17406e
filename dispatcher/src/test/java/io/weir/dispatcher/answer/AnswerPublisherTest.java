package io.weir.dispatcher.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Continues;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AnswerPublisherTest {
  private final Recorder recorder = new Recorder(Recorder.Acks.BY_HAND);

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ResponseEnd end(long bytes, long events) {
    return new ResponseEnd(null, null, bytes, events);
  }

  private CompletableFuture<Optional<AnswerPublisher.Span>> awaitEnd() {
    return CompletableFuture.supplyAsync(recorder.publisher::awaitEnd);
  }

  @Test
  void theEndIsKnownOnceEveryChunkIsAcknowledged() {
    // Given
    recorder.publisher.publish(Optional.of(Recorder.head()), bytes("one"), 1);
    recorder.publisher.publishEnd(Optional.empty(), bytes("two"), 2, AnswerPublisherTest::end);
    CompletableFuture<Optional<AnswerPublisher.Span>> ended = awaitEnd();

    // When, Then
    recorder.producer.completeNext();
    assertThat(ended).isNotDone();
    recorder.producer.completeNext();
    Awaitility.await().until(ended::isDone);
    assertThat(ended.join()).contains(new AnswerPublisher.Span(0, 1));
    assertThat(recorder.producer.history()).allMatch(record -> record.partition() == 3);
    assertThat(recorder.chunks.getLast().getEnd().orElseThrow().getBodyBytes()).isEqualTo(6);
    assertThat(recorder.chunks.getLast().getEnd().orElseThrow().getEvents()).isEqualTo(3);
  }

  @Test
  void nothingFollowsAChunkThatCouldNotBeWritten() {
    // Given
    recorder.publisher.publish(Optional.of(Recorder.head()), bytes("one"), 1);

    // When
    recorder.producer.errorNext(new TimeoutException("late"));
    recorder.publisher.publish(Optional.empty(), bytes("two"), 1);
    recorder.publisher.publishEnd(AnswerPublisherTest::end);

    // Then
    assertThat(recorder.publisher.isBroken()).isTrue();
    assertThat(recorder.publisher.awaitEnd()).isEmpty();
    assertThat(recorder.texts).containsExactly("one");
    assertThat(recorder.broken).hasValue(1);
  }

  @Test
  void aLateFailureOfAnEarlierChunkIsNotTakenForSuccess() {
    // Given an END on its way behind a chunk
    recorder.publisher.publish(Optional.of(Recorder.head()), bytes("one"), 1);
    recorder.publisher.publishEnd(AnswerPublisherTest::end);

    // When
    recorder.producer.errorNext(new TimeoutException("late"));
    recorder.producer.completeNext();

    // Then
    assertThat(recorder.publisher.awaitEnd()).isEmpty();
  }

  @Test
  void theFirstChunkWaitsForTheClaim() {
    // Given
    Recorder unclaimed = new Recorder(Recorder.Acks.AT_ONCE, Recorder.Claimed.NOT_YET);
    CompletableFuture<Void> published =
        CompletableFuture.runAsync(
            () -> unclaimed.publisher.publish(Optional.of(Recorder.head()), bytes("one"), 1));
    Awaitility.await().until(unclaimed.claim.waiting::get);
    assertThat(unclaimed.chunks).isEmpty();

    // When
    unclaimed.claim.acked.countDown();

    // Then
    published.join();
    assertThat(unclaimed.texts).containsExactly("one");
  }

  @Test
  void nothingIsPublishedUnderAClaimThatHoldsNoMore() {
    // Given
    recorder.publisher.publish(Optional.of(Recorder.head()), bytes("one"), 1);
    recorder.producer.completeNext();

    // When
    recorder.claim.holds = false;
    recorder.publisher.publish(Optional.empty(), bytes("two"), 1);
    recorder.publisher.publishEnd(AnswerPublisherTest::end);

    // Then
    assertThat(recorder.texts).containsExactly("one");
    assertThat(recorder.publisher.isBroken()).isTrue();
    assertThat(recorder.publisher.awaitEnd()).isEmpty();
    assertThat(recorder.broken).hasValue(0);
  }

  @Test
  void anAttemptThatGoesOnFromAnotherCountsOnFromThere() {
    // Given
    Continues before = new Continues("first", 5L, 70L);
    Recorder second = new Recorder(Recorder.Acks.AT_ONCE, Recorder.Claimed.YES, before);

    // When
    second.publisher.publish(Optional.of(Recorder.head()), bytes("one"), 2);
    second.publisher.publish(Optional.empty(), bytes("two"), 1);
    second.publisher.publishEnd(AnswerPublisherTest::end);

    // Then
    assertThat(second.chunks.getFirst().getContinues()).contains(before);
    assertThat(second.chunks.stream().skip(1)).allMatch(chunk -> chunk.getContinues().isEmpty());
    assertThat(second.chunks).extracting(ResponseChunk::getFirstSeq).containsExactly(5L, 7L, 8L);
    assertThat(second.chunks.getLast().getEnd()).contains(end(76, 8));
  }

  @Test
  void aSendThatThrowsBreaksTheAnswer() {
    recorder.producer.close();
    recorder.publisher.publish(Optional.of(Recorder.head()), bytes("one"), 1);
    assertThat(recorder.publisher.isBroken()).isTrue();
    assertThat(recorder.publisher.awaitEnd()).isEmpty();
  }
}
