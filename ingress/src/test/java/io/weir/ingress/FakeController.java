package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.Role;
import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A member that says of requests what a test has it say, in the controllers' JSON. */
final class FakeController implements AutoCloseable {
  private static final String PATH = "/internal/requests/";

  private record Said(int status, String body) {}

  private final HttpServer server;
  private final Heartbeats heartbeats;
  private final Map<String, Said> states = new ConcurrentHashMap<>();
  private volatile Optional<Integer> always = Optional.empty();
  private volatile String authorization = "";

  FakeController(KafkaSettings kafka, String id) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(PATH, this::answer);
    server.start();
    heartbeats =
        Heartbeats.start(
            new Identity(
                id,
                Role.CONTROLLER,
                Optional.empty(),
                "http://127.0.0.1:" + server.getAddress().getPort()),
            kafka,
            List::of);
  }

  private void answer(HttpExchange exchange) throws IOException {
    authorization =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("authorization")).orElse("");
    String id = exchange.getRequestURI().getPath().substring(PATH.length());
    Said said =
        always
            .map(status -> new Said(status, "{}"))
            .orElseGet(() -> states.getOrDefault(id, new Said(404, "{}")));
    byte[] body = said.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(said.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What it was asked with last. */
  String authorization() {
    return authorization;
  }

  /** Answers everything with a status. */
  void always(int status) {
    always = Optional.of(status);
  }

  /** Answers with what it knows again. */
  void recovers() {
    always = Optional.empty();
  }

  void says(String id, int status) {
    states.put(id, new Said(status, "{}"));
  }

  /** It runs. */
  void running(InferenceRequest request) {
    states.put(request.getId(), new Said(200, state(request, "null")));
  }

  /** It waits in its lane. */
  void waits(InferenceRequest request, RecordPointer record) {
    String pointer =
        "\"request\":{\"pointer\":{\"topic\":\"%s\",\"partition\":%d,\"offset\":%d},"
            .formatted(record.getTopic(), record.getPartition(), record.getOffset());
    String state =
        state(request, "null")
            .replaceFirst("\"claims\":\\[.*\\]", "\"claims\":[]")
            .replace("\"request\":{", pointer);
    states.put(request.getId(), new Said(200, state));
  }

  /** It runs, not for the first time. */
  void runsAgain(InferenceRequest request, int attempts) {
    String state =
        state(request, "null").replace("\"attempts\":1,", "\"attempts\":" + attempts + ",");
    states.put(request.getId(), new Said(200, state));
  }

  /**
   * It ended.
   *
   * @param type of the terminal, in lower case
   * @param firstOffset of its attempt's first chunk, or null
   */
  void ended(InferenceRequest request, String type, String firstOffset, String failure) {
    states.put(
        request.getId(),
        new Said(
            200,
            state(
                request,
                "{\"type\":\"%s\",\"at\":\"2026-01-01T00:00:02Z\",\"first_offset\":%s,\"failure\":%s}"
                    .formatted(type, firstOffset, failure))));
  }

  private static String state(InferenceRequest request, String terminal) {
    ReplyAddress reply = request.getReply();
    return """
        {"request_id":"%s","source":"%s","pool":"llama","request_class":"standard",
         "tenant":"%s","model":"llama","partition":0,"attempts":1,"hidden_terminals":0,
         "claims":[{"attempt":{"id":"a","number":1},"member":"d","member_epoch":1}],
         "request":{"path":"%s","stream":%s,"watched":%s,"enqueued_at":"%s","expires_at":"%s",
           "reply":{"topic":"%s","partition":%d,"end_offset":%d}},
         "steps":[],"offset":1,"terminal":%s}
        """
        .formatted(
            request.getId(),
            request.getSource(),
            request.getTenant(),
            request.getPath(),
            request.getStream(),
            request.getWatched(),
            request.getEnqueuedAt(),
            request.getExpiresAt(),
            reply.getTopic(),
            reply.getPartition(),
            reply.getEndOffset(),
            terminal);
  }

  @Override
  public void close() {
    heartbeats.close();
    server.stop(0);
  }
}
