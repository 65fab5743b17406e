package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerPublisher;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;

/**
 * Ends requests: the terminal is written once the END is in the reply partition, and never else.
 */
final class Conclusions {
  private final Producer<String, ResponseChunk> responses;
  private final LifecycleLog lifecycle;
  private final Events events;
  private final DispatcherMetrics metrics;

  Conclusions(
      Producer<String, ResponseChunk> responses,
      LifecycleLog lifecycle,
      Events events,
      DispatcherMetrics metrics) {
    this.responses = responses;
    this.lifecycle = lifecycle;
    this.events = events;
    this.metrics = metrics;
  }

  AnswerPublisher publisher(Held held) {
    InferenceRequest request = held.request();
    return new AnswerPublisher(
        responses,
        metrics,
        request.getId(),
        held.attempt(),
        held.claim(),
        request.getReply(),
        held.continues());
  }

  /** Waits for the END, which has been published, and writes the terminal. */
  void conclude(
      Held held,
      AnswerPublisher publisher,
      LifecycleType type,
      Events.Work work,
      Optional<Failure> failure) {
    publisher
        .awaitEnd()
        .ifPresent(
            span -> {
              metrics.outcome(failure.map(Failure::getReason).orElse("ok"));
              lifecycle.end(events.terminal(held, type, work, failure, span), held.tenure());
            });
  }

  /** Ends a request that no engine has seen; waits for Kafka. */
  void withoutEngine(Held held, LifecycleType type, Failure failure) {
    AnswerPublisher publisher = publisher(held);
    publisher.publishEnd((bytes, count) -> new ResponseEnd(failure, null, bytes, count));
    conclude(held, publisher, type, Events.Work.NONE, Optional.of(failure));
  }
}
