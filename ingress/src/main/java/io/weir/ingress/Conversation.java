package io.weir.ingress;

import io.helidon.webserver.CloseConnectionException;
import io.weir.ingress.connection.ClientConnection;
import io.weir.ingress.reply.AnswerReaders;
import io.weir.ingress.reply.Exchange;
import io.weir.ingress.reply.Interruption;
import io.weir.ingress.reply.Produced;
import io.weir.ingress.reply.Reply;
import io.weir.ingress.reply.ReplyReader;
import io.weir.routing.answer.AnswerEffect.Deliver;
import io.weir.routing.answer.AnswerEffect.Ignore;
import io.weir.routing.answer.AnswerEffect.Replace;
import io.weir.routing.answer.AnswerEffect.Restart;
import io.weir.routing.answer.AnswerReducer;
import io.weir.routing.answer.AnswerState;
import io.weir.schemas.ResponseEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stays with one client from the sending of its request, or from its coming back, to the end of its
 * answer: takes chunks as they come, live or from Kafka, and keeps the time. Runs on the client's
 * own thread, the only one that a slow client holds up.
 */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final int FIRST_ERROR = 400;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A client that waits longer than this is watched, lest it leave unnoticed. */
  private static final long WATCH_AFTER = Duration.ofSeconds(1).toNanos();

  private final Exchange exchange;
  private final Answer answer;
  private final ReplyReader tail;
  private final AnswerReaders readers;
  private final IngressLimits limits;
  private final IngressTimeouts timeouts;
  private final long start = System.nanoTime();
  private final long expiry;
  private final long patience;
  private AnswerState state = AnswerState.INITIAL;
  private long next;

  /** What lies before it is void, and not told. */
  private long stands;

  private Past past;
  private long lastChunk = start;
  private long nextComment;
  private boolean watched;
  private Ending ending = Ending.OK;

  /**
   * What there is to wait for.
   *
   * @param from offset at or after which the answer lies
   * @param expiresIn how long the request may take
   * @param patience how long the client wants to wait
   * @param past what is told of an answer that has begun before
   */
  record Span(long from, Duration expiresIn, Optional<Duration> patience, Past past) {}

  /**
   * @param tail where the answer comes in; the exchange is registered there
   */
  Conversation(
      Exchange exchange,
      Answer answer,
      ReplyReader tail,
      AnswerReaders readers,
      IngressConfig config,
      Span span) {
    this.exchange = exchange;
    this.answer = answer;
    this.tail = tail;
    this.readers = readers;
    this.limits = config.limits();
    this.timeouts = config.timeouts();
    this.next = span.from();
    this.past = span.past();
    this.expiry = start + span.expiresIn().plus(timeouts.grace()).toNanos();
    this.patience = start + span.patience().orElse(Duration.ofDays(365)).toNanos();
    this.nextComment = start + timeouts.comment().toNanos();
  }

  /**
   * Runs to the end.
   *
   * @throws IOException if the client has gone
   * @throws CloseConnectionException if the connection cannot be used any more
   */
  void run() throws IOException {
    try {
      converse();
    } catch (IOException | UncheckedIOException e) {
      ending = Ending.CLIENT_GONE;
      throw e;
    } catch (CloseConnectionException e) {
      // Thrown by the answer as well, after it was told how it ended.
      ending = ending == Ending.OK ? Ending.CLIENT_GONE : ending;
      throw e;
    }
  }

  private void converse() throws IOException {
    while (!isOver()) {
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

  private boolean isOver() {
    return answer.isOver() || ending == Ending.PENDING;
  }

  /** How it ended. */
  Ending ending() {
    return ending;
  }

  /** True once the end of the answer was seen: nothing runs any more. */
  boolean isAnswered() {
    return state.ended();
  }

  private void apply(Reply reply) throws IOException {
    if (reply.offset() < next || answer.isOver()) {
      return;
    }
    next = reply.offset() + 1;
    AnswerReducer.Step step = AnswerReducer.apply(state, reply.chunk());
    state = step.state();
    if (reply.offset() < stands) {
      return;
    }
    switch (step.effect()) {
      case Deliver piece -> deliver(piece);
      case Restart voided -> startOver();
      case Replace replaced -> {
        startOver();
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
        .ifPresent(head -> ending = Ending.ENGINE_ERROR);
    piece.end().flatMap(ResponseEnd::getFailure).ifPresent(failure -> ending = Ending.FAILED);
    answer.deliver(piece);
  }

  /** The text so far is void, which a client that has some of it cannot know otherwise. */
  private void startOver() throws IOException {
    if (answer.isUnderWay()) {
      fail(Ending.SUPERSEDED, AnswerErrors.superseded());
    } else {
      ending = Ending.OK;
      answer.voided();
    }
  }

  /** Reads from Kafka what the live buffer could not hold, then goes on live. */
  private void catchUp() throws IOException {
    try {
      long to = tail.rejoin(exchange);
      if (past == Past.AS_IT_STANDS) {
        past = Past.AS_IT_CAME;
        stands = standsFrom(to);
      }
      while (next < to && !isOver() && !endsEarly()) {
        try (AnswerReaders.Slice slice = readers.read(tail.partition(), exchange.id(), next, to)) {
          for (Reply reply : slice.replies()) {
            apply(reply);
          }
          next = Math.max(next, slice.next());
        }
      }
    } catch (OffsetOutOfRangeException e) {
      LOG.debug("answer_gone request_id={}", exchange.id(), e);
      fail(Ending.UNREADABLE, AnswerErrors.gone());
    } catch (KafkaException e) {
      LOG.debug("answer_unreadable request_id={}", exchange.id(), e);
      fail(Ending.UNREADABLE, AnswerErrors.unreadable());
    } catch (InterruptedException e) {
      exchange.interrupt(Interruption.SHUTTING_DOWN);
    }
  }

  private long standsFrom(long to) throws InterruptedException, IOException {
    StandingText text = new StandingText();
    long at = next;
    while (at < to && !text.isWhole() && !endsEarly()) {
      try (AnswerReaders.Slice slice = readers.read(tail.partition(), exchange.id(), at, to)) {
        slice.replies().forEach(text::accept);
        at = Math.max(at, slice.next());
      }
    }
    return text.begin().orElse(at);
  }

  /** Ends the conversation if there is a reason to, without waiting for more. */
  private boolean endsEarly() throws IOException {
    if (Thread.interrupted()) {
      exchange.interrupt(Interruption.SHUTTING_DOWN);
    }
    long now = System.nanoTime();
    switch (exchange.interruption()) {
      case CLIENT_GONE -> {
        ending = Ending.CLIENT_GONE;
        throw new CloseConnectionException("The client has left");
      }
      case SHUTTING_DOWN -> {
        return fail(Ending.SHUTTING_DOWN, AnswerErrors.shuttingDown(timeouts.drain().toMillis()));
      }
      case NONE -> {}
    }
    if (now - patience > 0) {
      ending = Ending.PENDING;
      return true;
    }
    watch(now);
    if (!answer.isUnderWay()) {
      return endsUnanswered(now);
    }
    return now - lastChunk > timeouts.gap().toNanos()
        && fail(Ending.STALLED, AnswerErrors.stalled());
  }

  private boolean endsUnanswered(long now) throws IOException {
    switch (exchange.produced()) {
      case Produced.NotSent notSent -> {
        return fail(Ending.NOT_PRODUCED, ProduceErrors.notSent(notSent.cause(), limits));
      }
      case Produced.Failed failed -> {
        return fail(
            ProduceErrors.isUnknown(failed.cause()) ? Ending.UNACKNOWLEDGED : Ending.NOT_PRODUCED,
            ProduceErrors.failed(failed.cause(), limits));
      }
      case Produced.Pending pending -> {
        if (now - start > timeouts.produce().toNanos()) {
          return fail(Ending.UNACKNOWLEDGED, ProduceErrors.unknown());
        }
      }
      case Produced.Acked acked -> {}
    }
    if (now - expiry > 0) {
      return fail(Ending.EXPIRED, AnswerErrors.expired((now - start) / NANOS_PER_MILLI));
    }
    if (now - nextComment > 0) {
      nextComment = now + timeouts.comment().toNanos();
      answer.queued(new Queued((now - start) / NANOS_PER_MILLI, exchange.place()));
    }
    return false;
  }

  private void watch(long now) {
    if (!watched && now - start > WATCH_AFTER) {
      watched = true;
      ClientConnection.current().watch(() -> exchange.interrupt(Interruption.CLIENT_GONE));
    }
  }

  private boolean fail(Ending how, ApiError error) throws IOException {
    ending = how;
    answer.fail(error);
    return true;
  }

  private long nextDeadline() {
    long deadline = watched ? patience : Math.min(patience, start + WATCH_AFTER);
    if (answer.isUnderWay()) {
      return Math.min(deadline, lastChunk + timeouts.gap().toNanos());
    }
    deadline = Math.min(deadline, Math.min(expiry, nextComment));
    return exchange.produced() instanceof Produced.Pending
        ? Math.min(deadline, start + timeouts.produce().toNanos())
        : deadline;
  }
}
