package io.weir.ingress;

import io.weir.ingress.leave.Departures;
import io.weir.ingress.memory.MemoryBudget;
import io.weir.ingress.reply.AnswerReaders;
import io.weir.ingress.reply.Exchange;
import io.weir.ingress.reply.ReplyTails;
import io.weir.schemas.ReplyAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Joins clients to requests that were sent before, here or elsewhere: the answer is read from its
 * beginning, and then as it comes.
 */
final class Reattachment {
  private static final long RETRY_MILLIS = 1_000;

  /** A request that is past its time has ended or will be ended; its end is awaited this long. */
  private static final Duration LEAST = Duration.ofSeconds(30);

  private final IngressConfig config;
  private final ReplyTails tails;
  private final AnswerReaders readers;
  private final MemoryBudget liveMemory;
  private final Departures departures;

  Reattachment(
      IngressConfig config,
      ReplyTails tails,
      AnswerReaders readers,
      MemoryBudget liveMemory,
      Departures departures) {
    this.config = config;
    this.tails = tails;
    this.readers = readers;
    this.liveMemory = liveMemory;
    this.departures = departures;
  }

  /**
   * A request to join.
   *
   * @param source where it entered
   * @param reply where its answer lies, at or after the offset
   * @param watched true if it is cancelled when all its clients have left
   */
  record Joined(String id, String source, ReplyAddress reply, Instant expiresAt, boolean watched) {}

  /**
   * Stays with the client to the end of the answer, or as long as the client wants to wait.
   *
   * @throws IOException if the client has gone
   * @throws RefusedException if the answer cannot be read at present
   */
  Ending run(Joined request, Answer answer, Optional<Duration> patience, Past past)
      throws IOException, RefusedException {
    try (ReplyTails.Tail tail = tails.open(request.reply()).orElseThrow(Reattachment::unreadable)) {
      awaitReady(tail);
      Exchange exchange =
          Exchange.behind(request.id(), config.limits().liveBuffer().bytes(), liveMemory);
      Duration left = Duration.between(Instant.now(), request.expiresAt());
      Conversation conversation =
          new Conversation(
              exchange,
              answer,
              tail.reader(),
              readers,
              config,
              new Conversation.Span(
                  request.reply().getEndOffset(),
                  left.compareTo(LEAST) < 0 ? LEAST : left,
                  patience,
                  past));
      tail.reader().register(exchange);
      if (request.watched()) {
        departures.attached(request.id());
      }
      try {
        conversation.run();
      } finally {
        tail.reader().remove(exchange);
        boolean over = conversation.isAnswered() || conversation.ending() == Ending.EXPIRED;
        if (request.watched() && !over) {
          leave(request);
        }
      }
      return conversation.ending();
    }
  }

  /** A client asked for the request and did not stay: its grace begins anew. */
  void touch(Joined request) {
    if (request.watched()) {
      departures.attached(request.id());
      leave(request);
    }
  }

  private void leave(Joined request) {
    departures.left(
        new Departures.Departed(request.id(), request.source(), request.expiresAt()),
        config.timeouts().resume());
  }

  private void awaitReady(ReplyTails.Tail tail) throws RefusedException {
    try {
      if (!tail.reader().awaitReady(config.timeouts().produce())) {
        throw unreadable();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable();
    }
  }

  private static RefusedException unreadable() {
    return new RefusedException(
        ApiError.unavailable(
            "answer_unreadable", "The answer cannot be read at present.", RETRY_MILLIS));
  }
}
