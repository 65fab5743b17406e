package io.weir.ingress;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.schemas.Failure;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An answer that is not a stream of events. One that comes in one piece is sent in one write; a
 * longer one is passed on as it comes, and if it breaks after that the connection is closed in the
 * middle, for there is no other way to tell the client.
 */
final class WholeAnswer implements Answer {
  /** Larger pieces go out in parts, so that a slow client is seen to take some. */
  private static final int WRITE_BYTES = 64 << 10;

  private final ServerResponse response;
  private final String requestId;
  private final Repeat repeat;
  private Optional<OutputStream> body = Optional.empty();
  private long bytes;
  private boolean over;

  /**
   * @param repeat what the client may be told about repeating the request
   */
  WholeAnswer(ServerResponse response, String requestId, Repeat repeat) {
    this.response = response;
    this.requestId = requestId;
    this.repeat = repeat;
  }

  @Override
  public void deliver(Deliver piece) throws IOException {
    Optional<Failure> failure = piece.end().flatMap(ResponseEnd::getFailure);
    if (failure.isPresent()) {
      fail(failure(failure.get(), piece));
      return;
    }
    bytes += piece.data().remaining();
    boolean complete = piece.end().isPresent() && piece.end().get().getBodyBytes() == bytes;
    if (piece.end().isPresent() && !complete) {
      fail(AnswerErrors.incomplete());
    } else if (body.isPresent()) {
      write(body.get(), piece.data());
    } else if (piece.head().isEmpty()) {
      fail(AnswerErrors.headless());
    } else {
      begin(piece, piece.head().get());
    }
    if (complete && body.isPresent() && !over) {
      body.get().close();
      over = true;
    }
  }

  private void begin(Deliver piece, ResponseHead head) throws IOException {
    AnswerHead.write(response, piece, head);
    if (piece.end().isPresent()) {
      ByteBuffer data = onHeap(piece.data());
      over = true;
      response.send(data.array(), data.arrayOffset() + data.position(), data.remaining());
      return;
    }
    head.getContentLength()
        .ifPresent(l -> response.headers().set(HeaderNames.CONTENT_LENGTH, Long.toString(l)));
    OutputStream out = response.outputStream();
    body = Optional.of(out);
    write(out, piece.data());
  }

  private static void write(OutputStream out, ByteBuffer piece) throws IOException {
    ByteBuffer data = onHeap(piece);
    int offset = data.arrayOffset() + data.position();
    for (int at = 0; at < data.remaining(); at += WRITE_BYTES) {
      out.write(data.array(), offset + at, Math.min(WRITE_BYTES, data.remaining() - at));
      out.flush();
    }
  }

  private static ByteBuffer onHeap(ByteBuffer data) {
    return data.hasArray()
        ? data
        : ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
  }

  private static ApiError failure(Failure failure, Deliver piece) {
    return ApiError.of(
        failure, piece.head().map(AnswerHead::queueMillis).orElse(0L), piece.number());
  }

  @Override
  public void fail(ApiError error) {
    over = true;
    if (body.isPresent()) {
      throw new CloseConnectionException("An answer broke off: " + error.weir().reason());
    }
    Responses.error(response, repeat.of(error), requestId);
  }

  /** Nothing can be said before the answer without spoiling its status. */
  @Override
  public void queued(Queued where) {}

  @Override
  public boolean isUnderWay() {
    return body.isPresent();
  }

  @Override
  public boolean isOver() {
    return over;
  }
}
