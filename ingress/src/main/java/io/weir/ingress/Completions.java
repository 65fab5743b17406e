package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.Intake.Taken;
import io.weir.ingress.idempotency.Idempotency;
import io.weir.ingress.leave.CancelReason;
import io.weir.ingress.leave.Departures;
import io.weir.ingress.reply.AnswerReaders;
import io.weir.ingress.reply.Exchange;
import io.weir.ingress.reply.Produced;
import io.weir.ingress.reply.ReplyReader;
import io.weir.schemas.IdempotentRequest;
import io.weir.schemas.RequestClass;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a model for one client: from its HTTP request to the end of the answer. */
final class Completions {
  private static final Logger LOG = LoggerFactory.getLogger(Completions.class);
  private static final String ACCEPTED = "accepted";
  private static final long RETRY_MILLIS = 1_000;

  private final IngressConfig config;
  private final String source;
  private final ClientLimit clients;
  private final Intake intake;
  private final ReplyReader replies;
  private final AnswerReaders readers;
  private final Idempotency idempotency;
  private final Departures departures;
  private final Reattachment reattachment;
  private final IngressMetrics metrics;

  Completions(
      IngressConfig config,
      String source,
      ClientLimit clients,
      Intake intake,
      ReplyReader replies,
      AnswerReaders readers,
      Idempotency idempotency,
      Departures departures,
      Reattachment reattachment,
      IngressMetrics metrics) {
    this.config = config;
    this.source = source;
    this.clients = clients;
    this.intake = intake;
    this.replies = replies;
    this.readers = readers;
    this.idempotency = idempotency;
    this.departures = departures;
    this.reattachment = reattachment;
    this.metrics = metrics;
  }

  /** Answers one request of a known tenant. */
  void handle(Endpoint endpoint, String tenant, ServerRequest request, ServerResponse response)
      throws IOException {
    long start = System.nanoTime();
    String id = Ulid.fast().toString();
    response.headers().set(Responses.REQUEST_ID, id);
    RequestClass requestClass = RequestClass.STANDARD;
    String outcome = Ending.CLIENT_GONE.word();
    try {
      clients.enter();
      try {
        RequestTerms terms = RequestTerms.of(request, config.callbacks());
        Taken taken = intake.take(id, endpoint, tenant, terms, request, response.headers());
        requestClass = taken.requestClass();
        outcome =
            switch (taken) {
              case Taken.Sent sent -> answer(sent, terms, response);
              case Taken.Repeated(var unused, Attendance attendance, String model, var first) ->
                  repeat(first, attendance, model, terms, response);
            };
      } finally {
        clients.leave();
      }
    } catch (RefusedException e) {
      outcome = e.error().weir().reason();
      Responses.refuse(e.error(), id, request, response);
    } catch (ServerConnectionException e) {
      throw e;
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("The client left before the end of its request", e);
    } finally {
      metrics.finished(endpoint, requestClass, outcome, System.nanoTime() - start);
      LOG.debug("request_finished request_id={} outcome={}", id, outcome);
    }
  }

  private String answer(Taken.Sent sent, RequestTerms terms, ServerResponse response)
      throws RefusedException, IOException {
    try {
      if (sent.claim().isPresent()) {
        Optional<IdempotentRequest> first = settle(sent, sent.claim().get(), terms);
        if (first.isPresent()) {
          replies.remove(sent.exchange());
          return repeat(first.get(), sent.attendance(), sent.model(), terms, response);
        }
      }
      if (sent.isAnsweredAtOnce()) {
        awaitProduced(sent, terms);
        Instant createdAt = sent.expiresAt().minus(sent.expiresIn());
        if (terms.async()) {
          accepted(response, sent.exchange().id(), createdAt, sent.expiresAt());
        } else {
          queued(response, sent.exchange().id(), sent.model(), createdAt);
        }
        return ACCEPTED;
      }
      return converse(sent, terms, response);
    } finally {
      replies.remove(sent.exchange());
    }
  }

  private String converse(Taken.Sent sent, RequestTerms terms, ServerResponse response)
      throws IOException {
    Conversation conversation =
        new Conversation(
            sent.exchange(),
            answer(sent.exchange().id(), sent.stream(), sent.endpoint().path(), terms, response),
            replies,
            readers,
            config,
            new Conversation.Span(
                sent.reply().getEndOffset(), sent.expiresIn(), Optional.empty(), Past.AS_IT_CAME));
    try {
      conversation.run();
    } finally {
      replies.remove(sent.exchange());
      leave(conversation, sent, terms);
    }
    return conversation.ending().word();
  }

  private static Answer answer(
      String id, boolean stream, String path, RequestTerms terms, ServerResponse response) {
    Repeat repeat = terms.key().isPresent() ? Repeat.SAFE : Repeat.AS_SAID;
    return stream
        ? new EventAnswer(response, id, repeat, EventDialect.of(path))
        : new WholeAnswer(response, id, repeat);
  }

  /** Sees to a request whose client will not get its answer here. */
  private void leave(Conversation conversation, Taken.Sent sent, RequestTerms terms) {
    if (conversation.ending() == Ending.UNACKNOWLEDGED) {
      departures.gone(departed(sent), CancelReason.UNACKNOWLEDGED);
    } else if (!sent.attendance().isDetached()
        && conversation.ending().abandonsRequest()
        && !conversation.isAnswered()) {
      abandon(sent, terms);
    }
  }

  private void abandon(Taken.Sent sent, RequestTerms terms) {
    Optional<Duration> grace =
        terms.resume().or(() -> terms.key().map(key -> config.timeouts().resume()));
    if (grace.isPresent()) {
      departures.left(departed(sent), grace.get());
    } else {
      departures.gone(departed(sent), CancelReason.CLIENT_GONE);
    }
  }

  private Departures.Departed departed(Taken.Sent sent) {
    return new Departures.Departed(sent.exchange().id(), source, sent.expiresAt());
  }

  /** Waits until the request is durable. */
  private void awaitProduced(Taken.Sent sent, RequestTerms terms) throws RefusedException {
    Exchange exchange = sent.exchange();
    long deadline = System.nanoTime() + config.timeouts().produce().toNanos();
    long left = 1;
    while (exchange.produced() instanceof Produced.Pending && left > 0) {
      exchange.await(left);
      left = deadline - System.nanoTime();
    }
    Repeat repeat = terms.key().isPresent() ? Repeat.SAFE : Repeat.AS_SAID;
    switch (exchange.produced()) {
      case Produced.Acked acked -> {}
      case Produced.Pending pending -> {
        departures.gone(departed(sent), CancelReason.UNACKNOWLEDGED);
        throw new RefusedException(repeat.of(ProduceErrors.unknown()));
      }
      case Produced.NotSent notSent ->
          throw new RefusedException(ProduceErrors.notSent(notSent.cause(), config.limits()));
      case Produced.Failed failed -> {
        if (ProduceErrors.isUnknown(failed.cause())) {
          departures.gone(departed(sent), CancelReason.UNACKNOWLEDGED);
        }
        throw new RefusedException(
            repeat.of(ProduceErrors.failed(failed.cause(), config.limits())));
      }
    }
  }

  /**
   * Takes the key for a request, once that is durable.
   *
   * @return the request that has the key, if it is another one
   */
  private Optional<IdempotentRequest> settle(
      Taken.Sent sent, Intake.KeyClaim claim, RequestTerms terms) throws RefusedException {
    awaitProduced(sent, terms);
    return switch (claim(claim)) {
      case Idempotency.Claim.Settled(IdempotentRequest winner)
          when winner.getRequestId().equals(claim.request().getRequestId()) ->
          Optional.empty();
      case Idempotency.Claim.Settled(IdempotentRequest winner) -> {
        departures.gone(departed(sent), CancelReason.IDEMPOTENCY_LOST);
        Intake.requireSame(winner, claim.request().getDigest());
        yield Optional.of(winner);
      }
      case Idempotency.Claim.Unknown unknown -> {
        // The key may stand for it, so it must not be cancelled before nobody came with the key.
        abandon(sent, terms);
        throw new RefusedException(
            ApiError.unavailable(
                "broker_unavailable",
                "The brokers did not acknowledge the idempotency key in time.",
                RETRY_MILLIS));
      }
    };
  }

  private Idempotency.Claim claim(Intake.KeyClaim claim) {
    try {
      return idempotency.claim(claim.key(), claim.request());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Idempotency.Claim.Unknown();
    }
  }

  /** Answers a repeated request with the first one's answer. */
  private String repeat(
      IdempotentRequest first,
      Attendance attendance,
      String model,
      RequestTerms terms,
      ServerResponse response)
      throws RefusedException, IOException {
    String id = first.getRequestId();
    metrics.repeated();
    response.headers().set(Responses.REQUEST_ID, id);
    Reattachment.Joined joined =
        new Reattachment.Joined(
            id, first.getSource(), first.getReply(), first.getExpiresAt(), first.getWatched());
    if (!first.getWatched()) {
      // Whoever could not tell its first sender that the key is taken may be about to cancel it.
      departures.attached(id);
    }
    if (terms.async()) {
      reattachment.touch(joined);
      accepted(response, id, first.getAcceptedAt(), first.getExpiresAt());
      return ACCEPTED;
    }
    if (attendance.isAnsweredAtOnce(first.getStream())) {
      queued(response, id, model, first.getAcceptedAt());
      return ACCEPTED;
    }
    Answer whole = answer(id, first.getStream(), first.getPath(), terms, response);
    Answer answer =
        terms
            .after()
            .<Answer>map(last -> new ResumedAnswer(whole, new HadEvent(last)))
            .orElse(whole);
    boolean mayHaveRunAgain = !first.getWatched() && terms.after().isEmpty();
    Past past = mayHaveRunAgain ? Past.AS_IT_STANDS : Past.AS_IT_CAME;
    return reattachment.run(joined, answer, Optional.empty(), past).word();
  }

  private static void accepted(
      ServerResponse response, String id, Instant createdAt, Instant expiresAt) {
    response.status(Status.ACCEPTED_202).header(Responses.JSON);
    response.headers().set(HeaderNames.LOCATION, Api.REQUESTS + id);
    response.headers().set(Responses.PREFERENCE_APPLIED, "respond-async");
    response.send(RequestJson.queued(id, createdAt, expiresAt));
  }

  /** What a response in the background is answered with. */
  private static void queued(ServerResponse response, String id, String model, Instant createdAt) {
    response.header(Responses.JSON);
    response.send(ResponseJson.queued(id, model, createdAt));
  }
}
