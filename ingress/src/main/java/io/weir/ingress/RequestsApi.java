package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.leave.CancelReason;
import io.weir.ingress.leave.Notices;
import io.weir.ingress.lookup.Controllers;
import io.weir.ingress.lookup.Lookup;
import io.weir.ingress.lookup.RequestView;
import io.weir.ingress.memory.MemoryBudget;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ReplyAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests by their ids: what became of them, their answers, and their cancellation. */
final class RequestsApi {
  /** Longest wait for an answer, in seconds. */
  private static final int LONGEST_WAIT = 300;

  private static final long RETRY_MILLIS = 1_000;

  /** How long an ended answer's text may take to be read. */
  private static final Duration READING = Duration.ofSeconds(30);

  /** A request as young as this may not be known to the controllers yet. */
  private static final Duration YOUNG = Duration.ofSeconds(10);

  /** How long, and how often, they are asked for it again. */
  private static final long NEWS_NANOS = Duration.ofSeconds(3).toNanos();

  private static final Duration NEWS_EVERY = Duration.ofMillis(100);

  private final IngressConfig config;
  private final Controllers controllers;
  private final Reattachment reattachment;
  private final Notices notices;
  private final MemoryBudget memory;
  private final Admission admission;

  /**
   * @param memory for answers that are collected
   */
  RequestsApi(
      IngressConfig config,
      Controllers controllers,
      Reattachment reattachment,
      Notices notices,
      MemoryBudget memory,
      Admission admission) {
    this.config = config;
    this.controllers = controllers;
    this.reattachment = reattachment;
    this.notices = notices;
    this.memory = memory;
    this.admission = admission;
  }

  /** Says what a request is doing, with its answer once it has one; waits for it if asked to. */
  void get(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    Optional<Duration> wait = wait(request.query());
    admission.enter();
    try (CollectedAnswer answer = new CollectedAnswer(memory)) {
      RequestView view = find(id, tenant);
      response.headers().set(Responses.REQUEST_ID, id);
      byte[] body = describe(view, answer, wait);
      if (view.terminal().isEmpty() && !answer.isOver()) {
        response.headers().set(HeaderNames.RETRY_AFTER, Responses.seconds(RETRY_MILLIS));
      }
      Responses.json(request, response, body);
    } finally {
      admission.leave();
    }
  }

  private byte[] describe(RequestView view, CollectedAnswer answer, Optional<Duration> wait)
      throws RefusedException, IOException {
    Optional<RequestView.Terminal> terminal = view.terminal();
    boolean hasText =
        view.accepted().isPresent()
            && terminal.map(end -> end.firstOffset().isPresent()).orElse(true);
    if (!hasText) {
      return terminal
          .map(end -> RequestJson.of(view, RequestStatus.of(end.type()), error(view, end)))
          .orElseGet(() -> RequestJson.of(view, standing(view)));
    }
    if (terminal.isEmpty() && wait.filter(Duration::isPositive).isEmpty()) {
      reattachment.touch(joined(view));
      return RequestJson.of(view, standing(view));
    }
    Duration patience = terminal.isPresent() ? READING : wait.orElseThrow();
    var unused = reattachment.run(joined(view), answer, Optional.of(patience));
    if (!answer.isOver()) {
      if (terminal.isPresent()) {
        throw unreadable();
      }
      return RequestJson.of(view, standing(view));
    }
    Optional<ApiError> failed = answer.error().filter(RequestsApi::isReadersOwn);
    if (failed.isPresent()) {
      throw new RefusedException(failed.get());
    }
    return RequestJson.of(
        view,
        terminal.map(end -> RequestStatus.of(end.type())).orElseGet(() -> RequestStatus.of(answer)),
        answer);
  }

  /** True if the answer may be well, and only this reading of it failed. */
  private static boolean isReadersOwn(ApiError error) {
    return switch (error.weir().reason()) {
      case "result_expired", "answer_unreadable", "overloaded", "shutting_down" -> true;
      default -> false;
    };
  }

  private static RequestStatus standing(RequestView view) {
    return view.running() ? RequestStatus.IN_PROGRESS : RequestStatus.QUEUED;
  }

  private static ApiError error(RequestView view, RequestView.Terminal terminal) {
    return terminal
        .failure()
        .map(failure -> ApiError.of(failure, 0, view.attempts()))
        .orElseGet(
            () ->
                ApiError.invalid(
                    terminal.type() == LifecycleType.CANCELLED ? 499 : 502,
                    RequestStatus.of(terminal.type()).word(),
                    "The request ended without an answer."));
  }

  /** Streams a request's answer, from the event after the last one that the client has. */
  void events(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    Optional<EventId> after = RequestTerms.lastEvent(request);
    admission.enter();
    try {
      RequestView view = find(id, tenant);
      response.headers().set(Responses.REQUEST_ID, id);
      Optional<RequestView.Terminal> terminal = view.terminal();
      if (view.accepted().isEmpty()) {
        throw terminal
            .map(end -> new RefusedException(error(view, end)))
            .orElseGet(RequestsApi::unreadable);
      }
      if (!view.accepted().get().stream()) {
        throw new RefusedException(
            ApiError.invalid(
                400,
                "not_a_stream",
                "The request did not ask for a stream; GET /v1/requests/" + id + "?wait=30."));
      }
      Answer events = new EventAnswer(response, id, Repeat.SAFE);
      Answer answer = after.<Answer>map(last -> new ResumedAnswer(events, last)).orElse(events);
      var unused = reattachment.run(joined(view), answer, Optional.empty());
    } finally {
      admission.leave();
    }
  }

  /** Cancels a request, if it has not ended. */
  void delete(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException {
    RequestView view = find(id, tenant);
    response.headers().set(Responses.REQUEST_ID, id);
    if (view.terminal().isPresent()) {
      RequestStatus status = RequestStatus.of(view.terminal().get().type());
      Responses.json(request, response, RequestJson.of(view, status));
      return;
    }
    Instant expiresAt =
        view.accepted()
            .map(RequestView.Accepted::expiresAt)
            .orElseGet(() -> Instant.now().plus(RequestExpiry.LONGEST));
    try {
      var unused =
          notices
              .cancel(id, view.source(), CancelReason.DELETED, expiresAt)
              .get(config.timeouts().produce().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new RefusedException(
          ApiError.unavailable(
              "broker_unavailable",
              "The brokers did not acknowledge the cancellation in time.",
              RETRY_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable();
    }
    response.status(Status.ACCEPTED_202);
    Responses.json(request, response, RequestJson.of(view, RequestStatus.CANCELLING));
  }

  private static Reattachment.Joined joined(RequestView view) {
    RequestView.Accepted accepted = view.accepted().orElseThrow();
    ReplyAddress reply = accepted.reply();
    // The text of a request that ran once begins where its attempt does; of others, the resets
    // before it have to be read as well.
    Optional<Long> first =
        view.terminal().filter(end -> view.attempts() <= 1).flatMap(e -> e.firstOffset());
    return new Reattachment.Joined(
        view.id(),
        view.source(),
        new ReplyAddress(
            reply.getTopic(), reply.getPartition(), first.orElse(reply.getEndOffset())),
        accepted.expiresAt(),
        accepted.watched() && view.terminal().isEmpty());
  }

  private RequestView find(String id, String tenant) throws RefusedException {
    if (!Ulid.isValid(id)) {
      throw unknown(id);
    }
    boolean young =
        Duration.between(Ulid.from(id).getInstant(), Instant.now()).abs().compareTo(YOUNG) < 0;
    long start = System.nanoTime();
    try {
      Lookup lookup = controllers.find(id);
      while (young
          && (lookup instanceof Lookup.Unknown || lookup instanceof Lookup.Unavailable)
          && System.nanoTime() - start < NEWS_NANOS) {
        Thread.sleep(NEWS_EVERY);
        lookup = controllers.find(id);
      }
      return switch (lookup) {
        case Lookup.Found(RequestView view) when view.tenant().equals(tenant) -> view;
        case Lookup.Found others -> throw unknown(id);
        case Lookup.Unknown unknown -> throw unknown(id);
        case Lookup.Expired expired -> throw new RefusedException(AnswerErrors.gone());
        case Lookup.Unavailable(long retryMillis) ->
            throw new RefusedException(
                ApiError.unavailable(
                    "controller_unavailable",
                    "No controller can say at present what became of the request; it is not affected.",
                    retryMillis));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable();
    }
  }

  private static Optional<Duration> wait(UriQuery query) throws RefusedException {
    Optional<String> given = query.first("wait").asOptional();
    if (given.isEmpty()) {
      return Optional.empty();
    }
    if (given.get().matches("\\d{1,3}") && Integer.parseInt(given.get()) <= LONGEST_WAIT) {
      return Optional.of(Duration.ofSeconds(Integer.parseInt(given.get())));
    }
    throw new RefusedException(
        ApiError.invalid(
            "wait", "The parameter wait must be whole seconds from 0 to " + LONGEST_WAIT + "."));
  }

  private static RefusedException unknown(String id) {
    return new RefusedException(
        ApiError.invalid(404, "unknown_request", "There is no request '" + id + "'."));
  }

  private static RefusedException unreadable() {
    return new RefusedException(
        ApiError.unavailable(
            "answer_unreadable", "The answer cannot be read at present.", RETRY_MILLIS));
  }
}
