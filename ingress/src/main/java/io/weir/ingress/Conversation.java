package io.weir.ingress;

import io.helidon.webserver.CloseConnectionException;
import io.weir.ingress.connection.ClientConnection;
import io.weir.ingress.reply.Exchange;
import io.weir.ingress.reply.Interruption;
import io.weir.ingress.reply.Produced;
import io.weir.ingress.reply.Refills;
import io.weir.ingress.reply.Reply;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Replace;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.routing.answer.AnswerReducer;
import io.weir.routing.answer.AnswerState;
import io.weir.schemas.ResponseEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stays with one client from the sending of its request to the end of its answer: takes chunks as
 * they come, live or from Kafka, and keeps the time. Runs on the client's own thread, the only one
 * that a slow client holds up.
 */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  /** The outcome of clients that leave; nginx logs them as 499. */
  static final String CLIENT_GONE = "client_gone";

  private static final int FIRST_ERROR = 400;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A client that waits longer than this is watched, lest it leave unnoticed. */
  private static final long WATCH_AFTER = Duration.ofSeconds(1).toNanos();

  private final Exchange exchange;
  private final Answer answer;
  private final Refills refills;
  private final IngressLimits limits;
  private final IngressTimeouts timeouts;
  private final long start = System.nanoTime();
  private final long expiry;
  private AnswerState state = AnswerState.INITIAL;
  private long next;
  private long lastChunk = start;
  private long nextComment;
  private boolean watched;
  private String outcome = "ok";

  /**
   * @param from offset at or after which the answer lies
   * @param expiresIn how long the request may take
   */
  Conversation(
      Exchange exchange,
      Answer answer,
      Refills refills,
      IngressConfig config,
      long from,
      Duration expiresIn) {
    this.exchange = exchange;
    this.answer = answer;
    this.refills = refills;
    this.limits = config.limits();
    this.timeouts = config.timeouts();
    this.next = from;
    this.expiry = start + expiresIn.plus(timeouts.grace()).toNanos();
    this.nextComment = start + timeouts.comment().toNanos();
  }

  /**
   * Runs to the end.
   *
   * @throws IOException if the client has gone
   * @throws CloseConnectionException if the connection cannot be used any more
   */
  void run() throws IOException {
    while (!answer.isOver()) {
      Optional<Reply> reply = exchange.take();
      if (reply.isPresent()) {
        apply(reply.get());
      } else if (exchange.hasDropped()) {
        catchUp();
      } else if (!endsEarly()) {
        exchange.await(Math.max(1, nextDeadline() - System.nanoTime()));
      }
    }
  }

  /** How it ended, in one word for metrics. */
  String outcome() {
    return outcome;
  }

  private void apply(Reply reply) throws IOException {
    if (reply.offset() < next || answer.isOver()) {
      return;
    }
    next = reply.offset() + 1;
    AnswerReducer.Step step = AnswerReducer.apply(state, reply.chunk());
    state = step.state();
    switch (step.effect()) {
      case Deliver piece -> deliver(piece);
      case Restart voided -> failIfUnderWay();
      case Replace replaced -> {
        failIfUnderWay();
        if (!answer.isOver()) {
          deliver(replaced.piece());
        }
      }
      case Ignore ignored ->
          LOG.trace("chunk_ignored request_id={} reason={}", exchange.id(), ignored.reason());
    }
  }

  private void deliver(Deliver piece) throws IOException {
    lastChunk = System.nanoTime();
    piece
        .head()
        .filter(head -> head.getStatus() >= FIRST_ERROR)
        .ifPresent(head -> outcome = "engine_error");
    piece.end().flatMap(ResponseEnd::getFailure).ifPresent(failure -> outcome = "failed");
    answer.deliver(piece);
  }

  /** The text so far is void, which a client that has some of it cannot know otherwise. */
  private void failIfUnderWay() throws IOException {
    if (answer.isUnderWay()) {
      fail("superseded", AnswerErrors.superseded());
    }
  }

  /** Reads from Kafka what the live buffer could not hold, then goes on live. */
  private void catchUp() throws IOException {
    try {
      long to = refills.rejoin(exchange);
      while (next < to && !answer.isOver() && !endsEarly()) {
        try (Refills.Slice slice = refills.read(exchange.id(), next, to)) {
          for (Reply reply : slice.replies()) {
            apply(reply);
          }
          next = Math.max(next, slice.next());
        }
      }
    } catch (KafkaException e) {
      LOG.debug("answer_unreadable request_id={}", exchange.id(), e);
      fail("unreadable", AnswerErrors.unreadable());
    } catch (InterruptedException e) {
      exchange.interrupt(Interruption.SHUTTING_DOWN);
    }
  }

  /** Ends the conversation if there is a reason to, without waiting for more. */
  private boolean endsEarly() throws IOException {
    if (Thread.interrupted()) {
      exchange.interrupt(Interruption.SHUTTING_DOWN);
    }
    long now = System.nanoTime();
    switch (exchange.interruption()) {
      case CLIENT_GONE -> {
        outcome = CLIENT_GONE;
        throw new CloseConnectionException("The client has left");
      }
      case SHUTTING_DOWN -> {
        return fail("shutting_down", AnswerErrors.shuttingDown(timeouts.drain().toMillis()));
      }
      case NONE -> {}
    }
    if (!answer.isUnderWay()) {
      return endsUnanswered(now);
    }
    return now - lastChunk > timeouts.gap().toNanos() && fail("stalled", AnswerErrors.stalled());
  }

  private boolean endsUnanswered(long now) throws IOException {
    switch (exchange.produced()) {
      case Produced.Failed failed -> {
        return fail("not_produced", ProduceErrors.of(failed.cause(), limits));
      }
      case Produced.Pending pending -> {
        if (now - start > timeouts.produce().toNanos()) {
          return fail("not_produced", ProduceErrors.unknown());
        }
      }
      case Produced.Acked acked -> {}
    }
    if (now - expiry > 0) {
      return fail("expired", AnswerErrors.expired((now - start) / NANOS_PER_MILLI));
    }
    if (now - nextComment > 0) {
      nextComment = now + timeouts.comment().toNanos();
      answer.queued((now - start) / NANOS_PER_MILLI);
    }
    watch(now);
    return false;
  }

  private void watch(long now) {
    if (!watched && now - start > WATCH_AFTER) {
      watched = true;
      ClientConnection.current().watch(() -> exchange.interrupt(Interruption.CLIENT_GONE));
    }
  }

  private boolean fail(String how, ApiError error) throws IOException {
    outcome = how;
    answer.fail(error);
    return true;
  }

  private long nextDeadline() {
    if (answer.isUnderWay()) {
      return lastChunk + timeouts.gap().toNanos();
    }
    long deadline = Math.min(expiry, nextComment);
    if (!watched) {
      deadline = Math.min(deadline, start + WATCH_AFTER);
    }
    return exchange.produced() instanceof Produced.Pending
        ? Math.min(deadline, start + timeouts.produce().toNanos())
        : deadline;
  }
}
