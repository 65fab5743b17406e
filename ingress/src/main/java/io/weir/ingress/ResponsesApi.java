package io.weir.ingress;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.ingress.lookup.RequestView;
import io.weir.ingress.memory.MemoryBudget;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ResponseHead;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Responses by their ids, as OpenAI's API has them. */
final class ResponsesApi {
  /** How long an ended response's text may take to be read. */
  private static final Duration READING = Duration.ofSeconds(30);

  /** How long a cancelled response may take to end, and how often it is looked at. */
  private static final long CANCELLING_NANOS = Duration.ofSeconds(2).toNanos();

  private static final Duration LOOK = Duration.ofMillis(100);

  private final RequestLookup lookup;
  private final MemoryBudget memory;
  private final ClientLimit clients;

  /**
   * @param memory for answers that are collected
   */
  ResponsesApi(RequestLookup lookup, MemoryBudget memory, ClientLimit clients) {
    this.lookup = lookup;
    this.memory = memory;
    this.clients = clients;
  }

  /** Shows a response, or streams the events that the client does not have yet. */
  void get(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    UriQuery query = request.query();
    boolean stream = query.first("stream").asOptional().filter("true"::equals).isPresent();
    Optional<Had> had = had(request, stream);
    clients.enter();
    try {
      RequestView view = find(id, tenant);
      response.headers().set(Responses.REQUEST_ID, view.id());
      if (stream) {
        stream(view, had, response);
      } else {
        show(view, request, response);
      }
    } finally {
      clients.leave();
    }
  }

  /** Ends a response that runs in the background, and shows what has become of it. */
  void cancel(String id, String tenant, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    clients.enter();
    try {
      RequestView view = find(id, tenant);
      response.headers().set(Responses.REQUEST_ID, view.id());
      if (view.accepted().filter(RequestView.Accepted::watched).isPresent()) {
        throw new RefusedException(ResponseErrors.notInBackground());
      }
      if (view.terminal().isEmpty()) {
        lookup.cancel(view);
        view = ended(id, tenant);
      }
      show(view, request, response);
    } finally {
      clients.leave();
    }
  }

  /** The response as soon as it has ended, or as it is after a while. */
  private RequestView ended(String id, String tenant) throws RefusedException {
    long start = System.nanoTime();
    RequestView view = find(id, tenant);
    try {
      while (view.terminal().isEmpty() && System.nanoTime() - start < CANCELLING_NANOS) {
        Thread.sleep(LOOK);
        view = find(id, tenant);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return view;
  }

  private void stream(RequestView view, Optional<Had> had, ServerResponse response)
      throws RefusedException, IOException {
    if (!accepted(view).stream()) {
      throw new RefusedException(ResponseErrors.notAStream());
    }
    Answer events = new EventAnswer(response, view.id(), Repeat.SAFE, EventDialect.RESPONSE);
    lookup.follow(view, events, had);
  }

  private void show(RequestView view, ServerRequest request, ServerResponse response)
      throws RefusedException, IOException {
    try (CollectedAnswer answer = new CollectedAnswer(memory)) {
      byte[] body;
      if (view.terminal().isPresent()) {
        body = ended(view, view.terminal().get(), answer);
      } else {
        lookup.touch(view);
        body = ResponseJson.of(view, RequestLookup.standing(view));
        response.headers().set(HeaderNames.RETRY_AFTER, "1");
      }
      Responses.json(request, response, body);
    }
  }

  private byte[] ended(RequestView view, RequestView.Terminal terminal, CollectedAnswer answer)
      throws RefusedException, IOException {
    if (terminal.type() == LifecycleType.CANCELLED) {
      return ResponseJson.of(view, RequestStatus.CANCELLED);
    }
    if (terminal.firstOffset().isEmpty()) {
      return ResponseJson.failed(view, RequestLookup.error(view, terminal));
    }
    lookup.join(view, answer, Optional.of(READING));
    if (!answer.isOver()) {
      throw RequestLookup.unreadable();
    }
    if (answer.error().isPresent()) {
      if (RequestsApi.isReadersOwn(answer.error().get())) {
        throw new RefusedException(answer.error().get());
      }
      return ResponseJson.failed(view, answer.error().get());
    }
    ResponseHead head = answer.head().orElseThrow();
    byte[] body = answer.body();
    return ResponseObject.of(head, body)
        .orElseGet(() -> ResponseJson.failed(view, refusal(view, head, body)));
  }

  private static ApiError refusal(RequestView view, ResponseHead head, byte[] body) {
    ApiError refused = AnswerErrors.refused(head.getStatus(), view.attempts());
    return ResponseObject.error(head, body).map(refused::withMessage).orElse(refused);
  }

  private static RequestView.Accepted accepted(RequestView view) throws RefusedException {
    return view.accepted().orElseThrow(RequestLookup::unreadable);
  }

  private RequestView find(String id, String tenant) throws RefusedException {
    ApiError unknown = ResponseErrors.unknown(id);
    String request = ResponseIds.request(id).orElseThrow(() -> new RefusedException(unknown));
    RequestView view = lookup.find(request, tenant, unknown);
    if (!accepted(view).path().equals(Endpoint.RESPONSES.path())) {
      throw new RefusedException(unknown);
    }
    return view;
  }

  private static Optional<Had> had(ServerRequest request, boolean stream) throws RefusedException {
    UriQuery query = request.query();
    if (query.names().stream().anyMatch(name -> name.startsWith("include"))) {
      throw new RefusedException(
          ResponseErrors.unsupported(
              "include", "A response is shown as the engine wrote it; nothing can be included."));
    }
    Optional<String> after = query.first("starting_after").asOptional();
    if (after.isPresent()) {
      if (!stream) {
        throw new RefusedException(
            ResponseErrors.unsupported(
                "starting_after", "The parameter starting_after needs stream=true."));
      }
      if (!after.get().matches("\\d{1,15}")) {
        throw new RefusedException(
            ApiError.invalid(
                "starting_after", "The parameter starting_after must be an event's number."));
      }
      return Optional.of(new HadSequence(Long.parseLong(after.get())));
    }
    return RequestTerms.lastEvent(request).filter(last -> stream).map(HadEvent::new);
  }
}
