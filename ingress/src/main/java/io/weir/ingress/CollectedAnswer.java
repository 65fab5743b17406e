package io.weir.ingress;

import io.weir.ingress.memory.MemoryBudget;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.schemas.Failure;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** An answer that is kept until it is whole, within a budget for all that are. */
final class CollectedAnswer implements Answer, AutoCloseable {
  private static final long RETRY_MILLIS = 1_000;

  private final MemoryBudget budget;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private long taken;
  private Optional<ResponseHead> head = Optional.empty();
  private Optional<ApiError> error = Optional.empty();
  private int attempts;
  private boolean over;

  CollectedAnswer(MemoryBudget budget) {
    this.budget = budget;
  }

  @Override
  public void deliver(Deliver piece) {
    head = head.or(piece::head);
    attempts = piece.number();
    int bytes = piece.data().remaining();
    if (!budget.take(bytes)) {
      fail(
          ApiError.unavailable(
              "overloaded", "Too many answers are being read at once.", RETRY_MILLIS));
      return;
    }
    taken += bytes;
    byte[] copy = new byte[bytes];
    piece.data().get(piece.data().position(), copy);
    body.writeBytes(copy);
    piece.end().ifPresent(this::end);
  }

  private void end(ResponseEnd end) {
    over = true;
    Optional<Failure> failure = end.getFailure();
    if (failure.isPresent()) {
      error =
          Optional.of(
              ApiError.of(failure.get(), head.map(AnswerHead::queueMillis).orElse(0L), attempts));
    } else if (head.isEmpty()) {
      error = Optional.of(AnswerErrors.headless());
    } else if (end.getBodyBytes() != body.size()) {
      error = Optional.of(AnswerErrors.incomplete());
    }
  }

  @Override
  public void voided() {
    head = Optional.empty();
    body.reset();
    giveBack();
  }

  @Override
  public void fail(ApiError reason) {
    over = true;
    error = Optional.of(reason);
  }

  /** Nobody is told. */
  @Override
  public void queued(Queued where) {}

  /** False: nothing was sent that could not be taken back. */
  @Override
  public boolean isUnderWay() {
    return false;
  }

  @Override
  public boolean isOver() {
    return over;
  }

  /** The engine's status and headers, if an engine answered. */
  Optional<ResponseHead> head() {
    return head;
  }

  /** The body, as far as it came. */
  byte[] body() {
    return body.toByteArray();
  }

  /** Why there is no whole answer. */
  Optional<ApiError> error() {
    return error;
  }

  /** The attempt's number. */
  int attempts() {
    return attempts;
  }

  private void giveBack() {
    budget.giveBack(taken);
    taken = 0;
  }

  @Override
  public void close() {
    giveBack();
  }
}
