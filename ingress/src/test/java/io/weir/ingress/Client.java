package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** HTTP against an ingress, well-formed and otherwise. */
final class Client {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String CHAT = "/v1/chat/completions";

  private Client() {}

  static HttpRequest.Builder request(Ingress ingress, String path) {
    return HttpRequest.newBuilder(URI.create(ingress.uri() + path))
        .timeout(Duration.ofSeconds(60))
        .header("content-type", "application/json");
  }

  static HttpResponse<byte[]> post(Ingress ingress, String path, String body)
      throws IOException, InterruptedException {
    return send(request(ingress, path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  static HttpResponse<byte[]> get(Ingress ingress, String path)
      throws IOException, InterruptedException {
    return send(request(ingress, path).GET().build());
  }

  static HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  static HttpResponse<InputStream> open(HttpRequest request)
      throws IOException, InterruptedException {
    return HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  static JsonNode error(byte[] body) throws IOException {
    return JSON.readTree(body).get("error");
  }

  static JsonNode json(byte[] body) throws IOException {
    return JSON.readTree(body);
  }

  /** Sends bytes on a socket and reads to the end of the connection. */
  static String raw(Ingress ingress, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingress.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(all);
      return all.toString(UTF_8);
    }
  }

  /** Sends bytes and the end of the stream, and reads to the end of the connection. */
  static String half(Ingress ingress, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingress.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  static String raw(Ingress ingress, String text) throws IOException {
    return raw(ingress, text.getBytes(UTF_8));
  }
}
