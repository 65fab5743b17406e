package io.weir.sim;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.util.OptionalInt;

/**
 * One request being answered.
 *
 * @param endpoint what it asks
 * @param ask its body
 * @param response where the answer goes
 * @param client the connection
 * @param oneWayNanos how far away the client is
 * @param dieAfter tokens after which the connection breaks
 */
record Exchange(
    Endpoint endpoint,
    Ask ask,
    ServerResponse response,
    ClientConnection client,
    long oneWayNanos,
    OptionalInt dieAfter) {

  /** Sends a whole answer, which arrives when the way has been travelled. */
  void send(Reply reply) {
    Distance.travel(oneWayNanos);
    reply.send(response);
  }

  /** What to throw so that the connection is closed as it stands. */
  static CloseConnectionException broken(String why) {
    return new CloseConnectionException(why);
  }
}
