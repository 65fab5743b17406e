package io.weir.routing.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.routing.request.RecoveryVerdict.End;
import io.weir.routing.request.RecoveryVerdict.Reset;
import io.weir.routing.request.RecoveryVerdict.Settle;
import io.weir.routing.request.RecoveryVerdict.Text;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.Continues;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The records that the model's processes write. */
final class Records {
  static final long EXPIRES = 1_000;

  private Records() {}

  /** The request's event at an index; every attempt's text is the same. */
  static String text(int request, long seq) {
    return (char) ('a' + request) + Long.toString(seq) + " ";
  }

  /** A piece of the answer; the last one ends it. */
  static ResponseChunk data(int request, String attempt, long seq, Optional<Continues> continues) {
    long bytes = Request.EVENTS * (long) text(request, 0).length();
    ResponseEnd end = new ResponseEnd(null, null, bytes, (long) Request.EVENTS);
    return new ResponseChunk(
        name(request),
        attempt,
        1,
        null,
        ByteBuffer.wrap(text(request, seq).getBytes(UTF_8)),
        seq,
        1,
        seq == Request.EVENTS - 1 ? end : null,
        List.of(),
        false,
        continues.orElse(null));
  }

  static ResponseChunk end(int request, String attempt, Optional<Continues> continues) {
    long bytes = Request.EVENTS * (long) text(request, 0).length();
    ResponseEnd end = new ResponseEnd(null, null, bytes, (long) Request.EVENTS);
    return chunk(request, attempt, end, continues);
  }

  static ResponseChunk end(int request, End verdict) {
    ResponseEnd end = new ResponseEnd(verdict.failure(), null, verdict.bytes(), verdict.events());
    return chunk(request, verdict.attempt().getId(), end, verdict.continues());
  }

  private static ResponseChunk chunk(
      int request, String attempt, ResponseEnd end, Optional<Continues> continues) {
    return new ResponseChunk(
        name(request),
        attempt,
        1,
        null,
        ByteBuffer.allocate(0),
        0L,
        0,
        end,
        List.of(),
        false,
        continues.orElse(null));
  }

  static ResponseChunk reset(int request, Reset verdict) {
    return new ResponseChunk(
        name(request),
        "",
        0,
        null,
        ByteBuffer.allocate(0),
        0L,
        0,
        null,
        verdict.closed(),
        verdict.text() == Text.KEPT,
        null);
  }

  static LifecycleEvent accepted(int request, boolean watched) {
    return event(
        request, LifecycleType.ACCEPTED, "i", 0, request(request, watched), null, List.of());
  }

  static LifecycleEvent claimed(
      int request, String attempt, String member, long epoch, boolean watched) {
    return event(
        request,
        LifecycleType.CLAIMED,
        member,
        epoch,
        request(request, watched),
        attempt,
        List.of());
  }

  static LifecycleEvent retried(
      int request, String attempt, String closed, String member, long epoch) {
    return event(request, LifecycleType.RETRIED, member, epoch, null, attempt, List.of(closed));
  }

  static LifecycleEvent letGo(int request, String closed, String member, long epoch) {
    return event(request, LifecycleType.RETRIED, member, epoch, null, null, List.of(closed));
  }

  static LifecycleEvent succeeded(int request, String attempt, String member, long epoch) {
    return event(request, LifecycleType.SUCCEEDED, member, epoch, null, attempt, List.of());
  }

  static LifecycleEvent contested(int request, String member) {
    return event(request, LifecycleType.CONTESTED, member, 0, null, null, List.of());
  }

  static LifecycleEvent requeued(int request, String member, List<String> closed) {
    return event(request, LifecycleType.REQUEUED, member, 0, null, null, closed);
  }

  static LifecycleEvent settled(int request, String member, Settle verdict) {
    return event(
        request,
        verdict.terminal(),
        member,
        0,
        null,
        verdict.attempt().getId(),
        List.of(),
        verdict.failure(),
        true);
  }

  private static LifecycleEvent event(
      int request,
      LifecycleType type,
      String member,
      long epoch,
      AcceptedRequest accepted,
      String attempt,
      List<String> closed) {
    return event(request, type, member, epoch, accepted, attempt, closed, Optional.empty(), false);
  }

  private static LifecycleEvent event(
      int request,
      LifecycleType type,
      String member,
      long epoch,
      AcceptedRequest accepted,
      String attempt,
      List<String> closed,
      Optional<Failure> failure,
      boolean settled) {
    return new LifecycleEvent(
        name(request),
        type,
        Instant.EPOCH,
        member,
        "s",
        "p",
        RequestClass.STANDARD,
        "t",
        "m",
        accepted,
        attempt == null ? null : new Attempt(attempt, 1),
        null,
        null,
        null,
        null,
        failure.orElse(null),
        null,
        null,
        closed,
        epoch,
        settled);
  }

  private static AcceptedRequest request(int request, boolean watched) {
    return new AcceptedRequest(
        new RecordPointer("lane", 0, (long) request),
        new ReplyAddress("replies", 0, 0L),
        "/v1/chat/completions",
        true,
        Instant.EPOCH,
        Instant.ofEpochMilli(EXPIRES),
        1,
        1,
        1L,
        watched,
        null,
        null);
  }

  /** The same for the same text. */
  static String brief(Optional<Continues> continues) {
    return continues.map(text -> "+" + text.getAttempt() + text.getEvents()).orElse("");
  }

  static String name(int request) {
    return "r" + request;
  }
}
