package io.weir.ingress;

import com.github.f4b6a3.ulid.Ulid;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.lookup.RequestView;
import io.weir.ingress.memory.MemoryBudget;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Requests by their ids: what became of them, their answers, and their cancellation. */
final class RequestsApi {
  /** Longest wait for an answer, in seconds. */
  private static final int LONGEST_WAIT = 300;

  private static final long RETRY_MILLIS = 1_000;

  /** How long an ended answer's text may take to be read. */
  private static final Duration READING = Duration.ofSeconds(30);

  private final RequestLookup lookup;
  private final MemoryBudget memory;
  private final ClientLimit clients;

  /**
   * @param memory for answers that are collected
   */
  RequestsApi(RequestLookup lookup, MemoryBudget memory, ClientLimit clients) {
    this.lookup = lookup;
    this.memory = memory;
    this.clients = clients;
  }

  /** Says what a request is doing, with its answer once it has one; waits for it if asked to. */
  void get(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    Optional<Duration> wait = wait(request.query());
    clients.enter();
    try (CollectedAnswer answer = new CollectedAnswer(memory)) {
      RequestView view = find(id, tenant);
      response.headers().set(Responses.REQUEST_ID, view.id());
      byte[] body = describe(view, answer, wait);
      if (view.terminal().isEmpty() && !answer.isOver()) {
        response.headers().set(HeaderNames.RETRY_AFTER, Responses.seconds(RETRY_MILLIS));
      }
      Responses.json(request, response, body);
    } finally {
      clients.leave();
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
          .map(
              end ->
                  RequestJson.of(
                      view, RequestStatus.of(end.type()), RequestLookup.error(view, end)))
          .orElseGet(
              () -> RequestJson.waiting(view, RequestLookup.standing(view), lookup.place(view)));
    }
    if (terminal.isEmpty() && wait.filter(Duration::isPositive).isEmpty()) {
      lookup.touch(view);
      return RequestJson.waiting(view, RequestLookup.standing(view), lookup.place(view));
    }
    Duration patience = terminal.isPresent() ? READING : wait.orElseThrow();
    lookup.join(view, answer, Optional.of(patience));
    if (!answer.isOver()) {
      if (terminal.isPresent()) {
        throw RequestLookup.unreadable();
      }
      return RequestJson.waiting(view, RequestLookup.standing(view), lookup.place(view));
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
  static boolean isReadersOwn(ApiError error) {
    return switch (error.weir().reason()) {
      case "result_expired", "answer_unreadable", "overloaded", "shutting_down" -> true;
      default -> false;
    };
  }

  /** Streams a request's answer, from the event after the last one that the client has. */
  void events(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    Optional<EventId> after = RequestTerms.lastEvent(request);
    clients.enter();
    try {
      RequestView view = find(id, tenant);
      response.headers().set(Responses.REQUEST_ID, view.id());
      Optional<RequestView.Terminal> terminal = view.terminal();
      if (view.accepted().isEmpty()) {
        throw terminal
            .map(end -> new RefusedException(RequestLookup.error(view, end)))
            .orElseGet(RequestLookup::unreadable);
      }
      if (!view.accepted().get().stream()) {
        throw new RefusedException(
            ApiError.invalid(
                400,
                "not_a_stream",
                "The request did not ask for a stream; GET /v1/requests/" + id + "?wait=30."));
      }
      Answer events =
          new EventAnswer(
              response, view.id(), Repeat.SAFE, EventDialect.of(view.accepted().get().path()));
      lookup.follow(view, events, after.map(HadEvent::new));
    } finally {
      clients.leave();
    }
  }

  /** Cancels a request, if it has not ended. */
  void delete(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException {
    RequestView view = find(id, tenant);
    response.headers().set(Responses.REQUEST_ID, view.id());
    if (view.terminal().isPresent()) {
      RequestStatus status = RequestStatus.of(view.terminal().get().type());
      Responses.json(request, response, RequestJson.of(view, status));
      return;
    }
    lookup.cancel(view);
    response.status(Status.ACCEPTED_202);
    Responses.json(request, response, RequestJson.of(view, RequestStatus.CANCELLING));
  }

  private RequestView find(String id, String tenant) throws RefusedException {
    // A response goes by the id of its request.
    String request = ResponseIds.request(id).orElse(id);
    ApiError unknown =
        ApiError.invalid(404, "unknown_request", "There is no request '" + id + "'.");
    if (!Ulid.isValid(request)) {
      throw new RefusedException(unknown);
    }
    return lookup.find(request, tenant, unknown);
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
}
