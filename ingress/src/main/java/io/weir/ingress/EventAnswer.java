package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.EventIds;
import io.weir.schemas.Failure;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer to a client that asked for server-sent events: the engine's events, each with an id.
 * What is no stream after all, such as an engine's refusal, is passed on as it is while nothing was
 * sent; once something was, an error is an event.
 */
final class EventAnswer implements Answer {
  private static final String EVENT_STREAM = "text/event-stream";

  private final ServerResponse response;
  private final String requestId;
  private final Repeat repeat;
  private final EventDialect dialect;
  private Optional<OutputStream> events = Optional.empty();
  private Optional<Answer> whole = Optional.empty();
  private Optional<Refusal> refusal = Optional.empty();
  private boolean underWay;
  private boolean over;
  private long bytes;
  private long sequence;

  /**
   * @param repeat what the client may be told about repeating the request
   */
  EventAnswer(ServerResponse response, String requestId, Repeat repeat, EventDialect dialect) {
    this.response = response;
    this.dialect = dialect;
    this.requestId = requestId;
    this.repeat = repeat;
  }

  @Override
  public void deliver(Deliver piece) throws IOException {
    if (whole.isPresent()) {
      whole.get().deliver(piece);
      return;
    }
    if (!underWay) {
      Optional<Failure> failure = piece.end().flatMap(ResponseEnd::getFailure);
      if (failure.isPresent() && !piece.data().hasRemaining()) {
        fail(failure(failure.get(), piece));
        return;
      }
      if (piece.head().isEmpty()) {
        fail(AnswerErrors.headless());
        return;
      }
      if (!begin(piece, piece.head().get())) {
        return;
      }
    }
    if (refusal.isPresent()) {
      refusal.get().add(piece.data());
    } else {
      write(piece);
    }
    if (piece.end().isPresent()) {
      end(piece, piece.end().get());
    }
  }

  /** False if the answer was passed on as a whole. */
  private boolean begin(Deliver piece, ResponseHead head) throws IOException {
    boolean isStream =
        head.getContentType().toLowerCase(Locale.ROOT).startsWith(EVENT_STREAM)
            && head.getStatus() == 200;
    if (!isStream && events.isEmpty()) {
      whole = Optional.of(new WholeAnswer(response, requestId, repeat));
      whole.get().deliver(piece);
      return false;
    }
    underWay = true;
    if (!isStream) {
      // The status is out already: what the engine says comes as one error at the end.
      refusal = Optional.of(new Refusal(head.getStatus()));
    } else if (events.isEmpty()) {
      AnswerHead.write(response, piece, head);
      open();
    }
    return true;
  }

  private OutputStream open() {
    response.headers().set(HeaderNames.CACHE_CONTROL, "no-cache");
    OutputStream out = response.outputStream();
    events = Optional.of(out);
    return out;
  }

  private void write(Deliver piece) throws IOException {
    if (piece.data().hasRemaining()) {
      bytes += piece.data().remaining();
      sequence = piece.firstSeq() + piece.count();
      send(EventIds.insert(piece.data(), piece.attempt(), piece.firstSeq()));
    }
  }

  private void end(Deliver piece, ResponseEnd end) throws IOException {
    if (end.getFailure().isPresent()) {
      fail(failure(end.getFailure().get(), piece));
    } else if (refusal.isPresent()) {
      send(dialect.refusal(refusal.get(), requestId, piece.number(), sequence));
      close();
    } else if (end.getBodyBytes() != bytes) {
      fail(AnswerErrors.incomplete());
    } else {
      close();
    }
  }

  @Override
  public void fail(ApiError error) throws IOException {
    if (whole.isPresent()) {
      whole.get().fail(error);
    } else if (events.isPresent()) {
      send(dialect.error(repeat.of(error), requestId, sequence));
      close();
    } else {
      over = true;
      Responses.error(response, repeat.of(error), requestId);
    }
  }

  @Override
  public void queued(Queued where) throws IOException {
    if (events.isEmpty()) {
      response.headers().set(HeaderNames.CONTENT_TYPE, EVENT_STREAM);
      open();
    }
    send(where.comment().getBytes(UTF_8));
  }

  private void send(byte[] event) throws IOException {
    OutputStream out = events.orElseThrow();
    out.write(event);
    out.flush();
  }

  private void close() throws IOException {
    over = true;
    events.orElseThrow().close();
  }

  private static ApiError failure(Failure failure, Deliver piece) {
    return ApiError.of(
        failure, piece.head().map(AnswerHead::queueMillis).orElse(0L), piece.number());
  }

  @Override
  public boolean isUnderWay() {
    return whole.map(Answer::isUnderWay).orElse(underWay);
  }

  @Override
  public boolean isOver() {
    return whole.map(Answer::isOver).orElse(over);
  }
}
