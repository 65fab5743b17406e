package io.weir.sim;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;

/**
 * What every request passes.
 *
 * @param distance how far away sources are
 * @param access who may come in
 * @param faults what is wrong with the engine
 */
record Gate(Distance distance, Access access, Faults faults) {
  private static final HeaderName SOURCE = HeaderNames.create(Distance.HEADER);

  /** Something that answers a request at once. */
  interface Responder {
    Reply reply(ServerRequest request) throws IOException;
  }

  /** How far away the client is, one way, in nanoseconds. */
  long oneWay(ServerRequest request) {
    return distance.none() ? 0 : request.headers().first(SOURCE).map(distance::oneWay).orElse(0L);
  }

  /** A handler that answers over the distance, and not at all while the engine refuses. */
  Handler open(Responder responder) {
    return (request, response) -> {
      if (faults.refusing()) {
        throw Exchange.broken("fault: refuse");
      }
      long oneWay = oneWay(request);
      Distance.travel(oneWay);
      Reply reply = attempt(responder, request);
      Distance.travel(oneWay);
      reply.send(response);
    };
  }

  /** The same for those with a key only. */
  Handler guarded(Responder responder) {
    return open(
        request -> {
          access.check(request);
          return responder.reply(request);
        });
  }

  /** A handler that works whatever is wrong with the engine. */
  Handler admin(Responder responder) {
    return (request, response) ->
        attempt(
                admitted -> {
                  access.check(admitted);
                  return responder.reply(admitted);
                },
                request)
            .send(response);
  }

  private static Reply attempt(Responder responder, ServerRequest request) throws IOException {
    try {
      return responder.reply(request);
    } catch (ApiException e) {
      return Reply.error(e);
    }
  }
}
