package io.weir.launcher.bench;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An OpenAI endpoint on a free port that answers as it is told. */
final class FakeEndpoint implements AutoCloseable {
  interface Answer {
    void to(String body, ServerResponse response) throws IOException;
  }

  private final WebServer server;
  final Queue<String> bodies = new ConcurrentLinkedQueue<>();
  final Queue<String> keys = new ConcurrentLinkedQueue<>();

  FakeEndpoint(Answer answer) {
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .routing(
                routing ->
                    routing.post(
                        "/v1/chat/completions",
                        (request, response) -> {
                          String body = request.content().as(String.class);
                          bodies.add(body);
                          request.headers().first(HeaderNames.AUTHORIZATION).ifPresent(keys::add);
                          answer.to(body, response);
                        }))
            .build()
            .start();
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  static Answer json(int status, String answer) {
    return (body, response) -> {
      response.status(Status.create(status));
      response.header(HeaderNames.CONTENT_TYPE, "application/json");
      response.send(answer.getBytes(StandardCharsets.UTF_8));
    };
  }

  /** Sends events one by one. */
  static Answer events(String... data) {
    return (body, response) -> {
      response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
      try (OutputStream out = response.outputStream()) {
        for (String event : data) {
          out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      }
    };
  }

  @Override
  public void close() {
    server.stop();
  }
}
