package io.weir.schemas;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;

/** A registry in memory that takes any schema and remembers what it was asked. */
final class FakeRegistry implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** A port may come back; what the process remembers of one registry must not fit another. */
  private final String base = "/registry-" + COUNT.incrementAndGet();

  private final ObjectMapper json = new ObjectMapper();
  private final HttpServer server;
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, String> schemas = new ConcurrentHashMap<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(base, this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + base;
  }

  /** Adds a schema as if another writer had. */
  int add(String subject, Schema schema) {
    String text = PortableSchema.of(schema).toString();
    int id = ids.computeIfAbsent(subject + " " + text, key -> 100 + ids.size());
    schemas.put(id, text);
    return id;
  }

  /** The next requests are answered with 503. */
  void fail(int requests) {
    failures.set(requests);
  }

  List<String> calls() {
    return new ArrayList<>(calls);
  }

  List<String> authorizations() {
    return new ArrayList<>(authorizations);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath().substring(base.length());
    calls.add(exchange.getRequestMethod() + " " + path);
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      send(exchange, 503, "<html>Service Unavailable</html>");
    } else if (path.startsWith("/schemas/ids/")) {
      String text = schemas.get(Integer.valueOf(path.substring("/schemas/ids/".length())));
      if (text == null) {
        send(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
      } else {
        send(exchange, 200, json.createObjectNode().put("schema", text).toString());
      }
    } else if (path.equals("/subjects")) {
      send(exchange, 200, "[\"one\",\"two\"]");
    } else {
      subject(
          exchange, path, new Schema.Parser().parse(json.readTree(body).get("schema").asText()));
    }
  }

  private void subject(HttpExchange exchange, String path, Schema schema) throws IOException {
    String subject = URLDecoder.decode(path.split("/", -1)[2], StandardCharsets.UTF_8);
    if (path.endsWith("/versions")) {
      send(exchange, 200, "{\"id\":" + add(subject, schema) + "}");
      return;
    }
    Integer id = ids.get(subject + " " + PortableSchema.of(schema));
    if (id == null) {
      send(exchange, 404, "{\"error_code\":40401,\"message\":\"Subject not found.\"}");
    } else {
      send(exchange, 200, "{\"id\":" + id + "}");
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
