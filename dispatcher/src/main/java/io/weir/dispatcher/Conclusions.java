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
  private static final String LET_GO = "let_go";

  private final Producer<String, ? super ResponseChunk> responses;
  private final LifecycleLog lifecycle;
  private final Events events;
  private final DispatcherMetrics metrics;

  Conclusions(
      Producer<String, ? super ResponseChunk> responses,
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
        held.continues().map(Continuation::from));
  }

  /**
   * Waits for the END, which has been published, and writes the terminal. If a part of the answer
   * could not be published, the request is left to a controller.
   */
  void conclude(
      Held held,
      AnswerPublisher publisher,
      LifecycleType type,
      Events.Work work,
      Optional<Failure> failure) {
    publisher
        .awaitEnd()
        .ifPresentOrElse(
            span -> {
              metrics.outcome(failure.map(Failure::getReason).orElse("ok"));
              lifecycle.end(events.terminal(held, type, work, failure, span), held.tenure());
            },
            () -> letGo(held));
  }

  private void letGo(Held held) {
    // Without a claim in Kafka, or with one that does not hold any more, it is others' already.
    if (held.claim().acked() && held.claim().holds()) {
      Failure failure = FailureReason.DISPATCHER_ERROR.failure("the answer could not be written");
      metrics.outcome(LET_GO);
      lifecycle.end(events.letGo(held, failure), held.tenure());
    }
  }

  /** Ends a request that no engine has seen; waits for Kafka. */
  void withoutEngine(Held held, LifecycleType type, Failure failure) {
    AnswerPublisher publisher = publisher(held);
    publisher.publishEnd((bytes, count) -> new ResponseEnd(failure, null, bytes, count));
    conclude(held, publisher, type, Events.Work.NONE, Optional.of(failure));
  }
}
