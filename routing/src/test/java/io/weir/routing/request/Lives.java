package io.weir.routing.request;

import io.weir.routing.fleet.OnInterruption;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RequestState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Events and states of requests, for tests. */
final class Lives {
  static final long EXPIRES = 60_000;
  static final RecoveryPolicy ERROR =
      new RecoveryPolicy(3, OnInterruption.ERROR, Duration.ofSeconds(10));
  static final RecoveryPolicy CONTINUE =
      new RecoveryPolicy(3, OnInterruption.CONTINUE, Duration.ofSeconds(10));

  private Lives() {}

  static LifecycleEvent accepted() {
    return event(LifecycleType.ACCEPTED, "ingress").setRequest(request(true, true)).build();
  }

  static LifecycleEvent claimed(String attempt, String member) {
    return claimed(attempt, member, request(true, true));
  }

  static LifecycleEvent claimed(String attempt, String member, AcceptedRequest request) {
    return event(LifecycleType.CLAIMED, member)
        .setRequest(request)
        .setAttempt(new Attempt(attempt, 1))
        .setMemberEpoch(1L)
        .build();
  }

  static LifecycleEvent dispatched(String attempt, String member, String engine) {
    return event(LifecycleType.DISPATCHED, member)
        .setAttempt(new Attempt(attempt, 1))
        .setEngine(engine)
        .setMemberEpoch(1L)
        .build();
  }

  static LifecycleEvent retried(String closed, String attempt, String member) {
    return event(LifecycleType.RETRIED, member)
        .setAttempt(new Attempt(attempt, 2))
        .setClosedAttempts(List.of(closed))
        .setMemberEpoch(1L)
        .build();
  }

  static LifecycleEvent letGo(String attempt, String member) {
    return event(LifecycleType.RETRIED, member).setClosedAttempts(List.of(attempt)).build();
  }

  static LifecycleEvent terminal(LifecycleType type, String attempt, String member) {
    return event(type, member).setAttempt(new Attempt(attempt, 1)).setMemberEpoch(1L).build();
  }

  static LifecycleEvent settled(LifecycleType type, String attempt) {
    return event(type, "controller").setAttempt(new Attempt(attempt, 1)).setSettled(true).build();
  }

  static LifecycleEvent contested() {
    return event(LifecycleType.CONTESTED, "controller").build();
  }

  static LifecycleEvent requeued(String... closed) {
    return event(LifecycleType.REQUEUED, "controller").setClosedAttempts(List.of(closed)).build();
  }

  static LifecycleEvent.Builder event(LifecycleType type, String member) {
    return LifecycleEvent.newBuilder()
        .setRequestId("r")
        .setType(type)
        .setAt(Instant.EPOCH)
        .setMember(member)
        .setSource("s")
        .setPool("p")
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("t")
        .setModel("m");
  }

  static AcceptedRequest request(boolean stream, boolean watched) {
    return new AcceptedRequest(
        new RecordPointer("weir.requests.s.p.standard", 0, 7L),
        new ReplyAddress("weir.responses.s", 0, 0L),
        "/v1/chat/completions",
        stream,
        Instant.EPOCH,
        Instant.ofEpochMilli(EXPIRES),
        1,
        1,
        1L,
        watched,
        null,
        null);
  }

  static RequestState fold(LifecycleEvent... events) {
    Optional<RequestState> state = Optional.empty();
    for (int i = 0; i < events.length; i++) {
      state = Optional.of(RequestFold.apply(state, events[i], 3, i));
    }
    return state.orElseThrow();
  }
}
