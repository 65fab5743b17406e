package io.weir.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A client of the admin API. */
final class Http implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI base;

  Http(URI base) {
    this.base = base;
  }

  record Answer(int status, JsonNode body, HttpResponse<String> raw) {
    JsonNode error() {
      return body.path("error");
    }
  }

  Answer get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  Answer post(String path, String... headers) {
    return send("POST", path, "", headers);
  }

  Answer postJson(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  Answer put(String path, String body, String... headers) {
    return send("PUT", path, body, headers);
  }

  Answer delete(String path) {
    return send("DELETE", path, "");
  }

  String text(String path) {
    return raw(HttpRequest.newBuilder(base.resolve(path)).build()).body();
  }

  private Answer send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path)).method(method, BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response = raw(request.build());
    try {
      return new Answer(response.statusCode(), JSON.readTree(response.body()), response);
    } catch (Exception failure) {
      throw new AssertionError(response.body(), failure);
    }
  }

  private HttpResponse<String> raw(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
