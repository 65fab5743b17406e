package io.weir.controller.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weir.controller.requests.RequestLookup;
import io.weir.controller.requests.RequestLookup.Elsewhere;
import io.weir.controller.requests.RequestLookup.Forgotten;
import io.weir.controller.requests.RequestLookup.Found;
import io.weir.controller.requests.RequestLookup.NotYet;
import io.weir.controller.requests.RequestLookup.Unknown;
import io.weir.schemas.RequestState;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** {@code GET /internal/requests/{id}}: the state of a request, whichever controller has it. */
final class RequestPages implements Handler {
  /** On what one controller asks another: that one answers by itself. */
  static final String FORWARDED = "x-weir-forwarded";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final AdminGuard guard;
  private final Lookups lookups;
  private final PeerRequests peers;

  /**
   * How requests are looked up here.
   *
   * @param find who knows a request, or what this instance knows itself
   * @param here what this instance has of a request that others know better
   */
  public record Lookups(
      Function<String, RequestLookup> find, Function<String, RequestLookup> here) {}

  RequestPages(AdminGuard guard, Lookups lookups, PeerRequests peers) {
    this.guard = guard;
    this.lookups = lookups;
    this.peers = peers;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    try {
      guard.check(request.prologue().method(), request.headers());
      Method method = request.prologue().method();
      if (!method.equals(Method.GET) && !method.equals(Method.HEAD)) {
        throw new AdminException(405, "method_not_allowed", "Use GET, not " + method.text() + ".");
      }
      String id = request.path().pathParameters().get("id");
      if (!ID.matcher(id).matches()) {
        throw unknown(id);
      }
      answer(id, request, response);
    } catch (AdminException refused) {
      Replies.send(request, response, refused.status(), Replies.error(refused));
    }
  }

  private void answer(String id, ServerRequest request, ServerResponse response)
      throws AdminException {
    boolean forwarded = request.headers().contains(HeaderNames.create(FORWARDED));
    switch (lookups.find().apply(id)) {
      case Found found -> found(request, response, found.state());
      case Unknown none -> throw unknown(id);
      case Forgotten old ->
          throw new AdminException(
              410, "request_forgotten", "Request '%s' is too long ago.".formatted(id));
      case NotYet rebuilding -> throw rebuilding();
      case Elsewhere elsewhere -> {
        Optional<HttpResponse<byte[]>> answer =
            forwarded ? Optional.empty() : peers.ask(elsewhere.hosts(), id);
        if (answer.isPresent()) {
          Replies.send(request, response, answer.get().statusCode(), answer.get().body());
        } else if (lookups.here().apply(id) instanceof Found copy) {
          found(request, response, copy.state());
        } else {
          throw rebuilding();
        }
      }
    }
  }

  private static void found(ServerRequest request, ServerResponse response, RequestState state) {
    Replies.send(request, response, 200, Replies.object(json -> RecordJson.fields(json, state)));
  }

  private static AdminException unknown(String id) {
    return new AdminException(404, "unknown_request", "There is no request '%s'.".formatted(id));
  }

  private static AdminException rebuilding() {
    return new AdminException(
        503, "state_rebuilding", "The controllers are reading the state of requests; ask again.");
  }
}
