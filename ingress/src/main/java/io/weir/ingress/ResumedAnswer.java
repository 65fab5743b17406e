package io.weir.ingress;

import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.EventIds;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The rest of a stream: leaves out all events that the client has. */
final class ResumedAnswer implements Answer {
  private final Answer rest;
  private final Had had;
  private Optional<ResponseHead> head = Optional.empty();
  private long skipped;
  private boolean found;

  /**
   * @param rest gets what comes after it
   * @param had what the client has
   */
  ResumedAnswer(Answer rest, Had had) {
    this.rest = rest;
    this.had = had;
  }

  @Override
  public void deliver(Deliver piece) throws IOException {
    if (found) {
      rest.deliver(withRest(piece, piece.data(), piece.firstSeq(), piece.count()));
      return;
    }
    head = piece.head().or(() -> head);
    switch (had.of(piece)) {
      case Had.Of.All all -> skipped += piece.data().remaining();
      case Had.Of.Another another -> fail(had.another());
      case Had.Of.Some(int events) -> begin(piece, events);
    }
  }

  private void begin(Deliver piece, int events) throws IOException {
    found = true;
    ByteBuffer after = EventIds.after(piece.data(), events);
    skipped += piece.data().remaining() - after.remaining();
    Deliver remaining = withRest(piece, after, piece.firstSeq() + events, piece.count() - events);
    if (!after.hasRemaining() && piece.end().isPresent()) {
      // The stream is under way for the client, so that its end must not look like a beginning.
      rest.deliver(withoutEnd(remaining));
    }
    rest.deliver(remaining);
  }

  private static Deliver withoutEnd(Deliver piece) {
    return new Deliver(
        piece.attempt(),
        piece.number(),
        piece.head(),
        piece.data(),
        piece.firstSeq(),
        piece.count(),
        Optional.empty());
  }

  /** The piece without what the client has, as the first piece if it is. */
  private Deliver withRest(Deliver piece, ByteBuffer data, long firstSeq, int count) {
    Optional<ResponseHead> first = piece.head().or(() -> head);
    head = Optional.empty();
    return new Deliver(
        piece.attempt(),
        piece.number(),
        first,
        data,
        firstSeq,
        count,
        piece
            .end()
            .map(
                end ->
                    new ResponseEnd(
                        end.getFailure().orElse(null),
                        end.getUsage().orElse(null),
                        end.getBodyBytes() - skipped,
                        end.getEvents())));
  }

  @Override
  public void voided() {
    had.voided();
    skipped = 0;
    head = Optional.empty();
  }

  @Override
  public void fail(ApiError error) throws IOException {
    rest.fail(error);
  }

  /** The client has got text, so what still waits cannot be the answer it has text of. */
  @Override
  public void queued(Queued where) throws IOException {
    if (found) {
      rest.queued(where);
    } else {
      fail(had.another());
    }
  }

  @Override
  public boolean isUnderWay() {
    return found;
  }

  @Override
  public boolean isOver() {
    return rest.isOver();
  }
}
