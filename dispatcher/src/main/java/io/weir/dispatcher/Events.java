package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerPublisher.Span;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Decision;
import io.weir.schemas.Failure;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.Timings;
import io.weir.schemas.TokenUsage;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Makes the lifecycle events a dispatcher writes. */
final class Events {
  private final String member;
  private final Clock clock;

  /** How the engine's part went; all empty or null where there was none. */
  record Work(Optional<String> engine, Optional<Timings> timings, Optional<TokenUsage> usage) {
    static final Work NONE = new Work(Optional.empty(), Optional.empty(), Optional.empty());
  }

  Events(String member, Clock clock) {
    this.member = member;
    this.clock = clock;
  }

  LifecycleEvent claimed(Held held) {
    return event(held, LifecycleType.CLAIMED, accepted(held), null, null, null, null, null, null);
  }

  LifecycleEvent dispatched(Held held, Decision decision) {
    return event(
        held,
        LifecycleType.DISPATCHED,
        null,
        decision.getEngine(),
        decision,
        null,
        null,
        null,
        null);
  }

  /** A claim and a dispatch in one, for a request that goes out as soon as it comes. */
  LifecycleEvent claimedAndDispatched(Held held, Decision decision) {
    return event(
        held,
        LifecycleType.DISPATCHED,
        accepted(held),
        decision.getEngine(),
        decision,
        null,
        null,
        null,
        null);
  }

  /**
   * A further attempt at a request of this dispatcher, and a claim in place of the last one's.
   *
   * @param held with the new attempt
   * @param before the attempt that it replaces
   * @param engine where that one failed
   */
  LifecycleEvent retried(Held held, String before, String engine, Failure why) {
    return LifecycleEvent.newBuilder(
            event(held, LifecycleType.RETRIED, null, engine, null, null, null, why, null))
        .setClosedAttempts(List.of(before))
        .build();
  }

  LifecycleEvent firstToken(Held held, String engine) {
    return event(held, LifecycleType.FIRST_TOKEN, null, engine, null, null, null, null, null);
  }

  /** An attempt that cannot be ended is let go, for a controller to take care of. */
  LifecycleEvent letGo(Held held, Failure failure) {
    InferenceRequest request = held.request();
    return new LifecycleEvent(
        request.getId(),
        LifecycleType.RETRIED,
        clock.instant(),
        member,
        request.getSource(),
        request.getPool(),
        request.getRequestClass(),
        request.getTenant(),
        request.getModel(),
        null,
        null,
        null,
        null,
        null,
        null,
        failure,
        null,
        null,
        List.of(held.attempt().getId()),
        held.tenure().epoch(),
        false);
  }

  /** The end of a request. */
  LifecycleEvent terminal(
      Held held, LifecycleType type, Work work, Optional<Failure> failure, Span span) {
    return event(
        held,
        type,
        null,
        work.engine().orElse(null),
        null,
        work.timings().orElse(null),
        work.usage().orElse(null),
        failure.orElse(null),
        span);
  }

  private LifecycleEvent event(
      Held held,
      LifecycleType type,
      AcceptedRequest accepted,
      String engine,
      Decision decision,
      Timings timings,
      TokenUsage usage,
      Failure failure,
      Span span) {
    InferenceRequest request = held.request();
    return new LifecycleEvent(
        request.getId(),
        type,
        clock.instant(),
        member,
        request.getSource(),
        request.getPool(),
        request.getRequestClass(),
        request.getTenant(),
        request.getModel(),
        accepted,
        held.attempt(),
        engine,
        decision,
        timings,
        usage,
        failure,
        span == null ? null : span.firstOffset(),
        span == null ? null : span.lastOffset(),
        List.of(),
        held.tenure().epoch(),
        false);
  }

  private static AcceptedRequest accepted(Held held) {
    InferenceRequest request = held.request();
    return new AcceptedRequest(
        held.original(),
        request.getReply(),
        request.getPath(),
        request.getStream(),
        request.getEnqueuedAt(),
        request.getExpiresAt(),
        request.getPromptTokens(),
        request.getOutputTokens(),
        (long) request.getBody().remaining(),
        request.getWatched(),
        request.getCallback().orElse(null),
        request.getBatch().orElse(null));
  }
}
