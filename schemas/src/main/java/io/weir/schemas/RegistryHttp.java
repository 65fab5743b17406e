package io.weir.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests to a registry: tries its URLs in turn, twice each, until one answers with anything but a
 * server error.
 */
final class RegistryHttp implements AutoCloseable {
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final int ROUNDS = 2;
  private static final int MAX_QUOTED = 300;

  private final ObjectMapper json = new ObjectMapper();
  private final RegistryConfig config;
  private final HttpClient client;

  RegistryHttp(RegistryConfig config) {
    this.config = config;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout());
    config.tls().ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /** What was answered, and by which URL. */
  record Answer(String url, int status, JsonNode body) {
    boolean isOk() {
      return status / 100 == 2;
    }

    /** Confluent's error_code, or the HTTP status. */
    int code() {
      return body.path("error_code").asInt(status);
    }

    /** What the registry says is wrong. */
    String complaint() {
      String message = body.path("message").asText(body.toString());
      String quoted =
          message.length() > MAX_QUOTED ? message.substring(0, MAX_QUOTED) + "…" : message;
      return "HTTP %d, code %d: %s".formatted(status, code(), quoted);
    }
  }

  Answer get(String path, String purpose) {
    return send("GET", path, BodyPublishers.noBody(), purpose);
  }

  Answer post(String path, JsonNode body, String purpose) {
    return send("POST", path, BodyPublishers.ofString(body.toString()), purpose);
  }

  private Answer send(String method, String path, BodyPublisher body, String purpose) {
    List<String> failures = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (String url : config.urls()) {
        try {
          Answer answer = sendTo(url, method, path, body);
          if (answer.status() < 500) {
            return answer;
          }
          failures.add(url + path + " answered " + answer.complaint());
        } catch (IOException unreachable) {
          failures.add(url + path + ": " + describe(unreachable));
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          throw new SchemaRegistryException(
              "Interrupted while trying to " + purpose + ".", stopped);
        }
      }
    }
    throw new SchemaRegistryException(
        "Cannot %s: %s. Check %s and that the registry is up."
            .formatted(
                purpose,
                String.join("; ", failures.stream().distinct().toList()),
                RegistryConfig.URL));
  }

  private Answer sendTo(String url, String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(config.readTimeout())
            .header("Accept", MEDIA_TYPE + ", application/json")
            .header("Content-Type", MEDIA_TYPE)
            .method(method, body);
    config.authorization().ifPresent(value -> request.header("Authorization", value));
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(url, response.statusCode(), parse(response.body()));
  }

  private JsonNode parse(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException notJson) {
      // A proxy's page: the text is all there is to report.
      return json.getNodeFactory().textNode(body);
    }
  }

  private static String describe(IOException failure) {
    String name = failure.getClass().getSimpleName();
    return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
