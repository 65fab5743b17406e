package io.weir.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.launcher.role.LaunchException;
import io.weir.routing.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The controller's admin API. */
final class AdminApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int UNKNOWN = 404;

  private final URI controller;
  private final Optional<Secret> key;

  AdminApi(URI controller, Optional<Secret> key) {
    this.controller = controller;
    this.key = key;
  }

  /**
   * Has something done to an engine.
   *
   * @param action {@code drain} or {@code undrain}
   * @throws LaunchException with a sentence if it was not done
   */
  void change(String engine, String action) throws InterruptedException {
    HttpResponse<String> response =
        send("POST", "/admin/engines/" + segment(engine) + "/" + action, Optional.empty());
    if (response.statusCode() == UNKNOWN) {
      throw new LaunchException("There is no engine " + engine + "; ./weir engines lists them.");
    }
    body(response);
  }

  /**
   * Asks for something.
   *
   * @param path below the controller, whose names are {@link #segment}s
   * @throws LaunchException with a sentence if the controller did not answer, or refused
   */
  JsonNode ask(String method, String path) throws InterruptedException {
    return body(send(method, path, Optional.empty()));
  }

  /**
   * Sends something.
   *
   * @throws LaunchException with a sentence if the controller did not answer, or refused
   */
  JsonNode ask(String method, String path, JsonNode json) throws InterruptedException {
    return body(send(method, path, Optional.of(json.toString())));
  }

  /** A name as part of a path. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<String> send(String method, String path, Optional<String> json)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(controller.resolve(path))
            .timeout(ANSWER)
            .method(
                method,
                json.map(HttpRequest.BodyPublishers::ofString)
                    .orElse(HttpRequest.BodyPublishers.noBody()));
    json.ifPresent(any -> request.header("Content-Type", "application/json"));
    key.ifPresent(given -> request.header("Authorization", "Bearer " + given.value()));
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new LaunchException(
          "No controller answers at "
              + controller
              + ". Start ./weir up or ./weir controller, or name its ports with --base-port.",
          e);
    }
  }

  private JsonNode body(HttpResponse<String> response) {
    if (response.statusCode() != OK) {
      throw new LaunchException(
          "The controller at "
              + controller
              + " refused: "
              + message(response.body())
              + " (HTTP "
              + response.statusCode()
              + ").");
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException noJson) {
      throw new LaunchException("The controller at " + controller + " answered no JSON.", noJson);
    }
  }

  private static String message(String body) {
    try {
      JsonNode error = JSON.readTree(body).path("error").path("message");
      return error.isTextual() ? error.asText() : body.strip();
    } catch (IOException noJson) {
      return body.strip();
    }
  }
}
