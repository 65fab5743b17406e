package io.weir.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.routing.config.Configs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Talks to an engine the way a client does. */
record EngineClient(HttpClient http, URI base) implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  EngineClient(EngineServer server) {
    this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), server.uri());
  }

  static EngineServer start(Map<String, String> values) {
    return EngineServer.start(Configs.with(EngineServerConfig.class, values));
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return http.send(request(method, path, body, headers), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send("POST", path, body, headers);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }

  HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("content-type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  static String chat(String prompt, String more) {
    return "{\"model\":\"llama-3-8b\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + prompt
        + "\"}]"
        + more
        + "}";
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  /** The data of a stream's events, of which the last must be [DONE]. */
  static List<JsonNode> events(String body) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    String[] blocks = body.split("\n\n", -1);
    if (!blocks[blocks.length - 2].equals("data: [DONE]") || !blocks[blocks.length - 1].isEmpty()) {
      throw new IOException("the stream does not end with [DONE]");
    }
    for (int i = 0; i < blocks.length - 2; i++) {
      if (!blocks[i].startsWith("data: ")) {
        throw new IOException("not an event: " + blocks[i]);
      }
      events.add(JSON.readTree(blocks[i].substring("data: ".length())));
    }
    return events;
  }

  /** The text of a chat's stream. */
  static String text(List<JsonNode> events) {
    StringBuilder text = new StringBuilder();
    for (JsonNode event : events) {
      for (JsonNode choice : event.path("choices")) {
        text.append(choice.path("delta").path("content").asText(""));
        text.append(choice.path("text").asText(""));
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
