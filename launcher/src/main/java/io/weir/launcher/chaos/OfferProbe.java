package io.weir.launcher.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Waits until every ingress answers, and finds out which ways of asking they offer. */
final class OfferProbe {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LOOK_UP_PATIENCE = Duration.ofSeconds(20);
  private static final long PAUSE_MILLIS = 200;
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final String BODY =
      "{\"model\":\""
          + SystemLayout.POOL
          + "\",\"messages\":[{\"role\":\"user\",\"content\":\"probe\"}],\"max_tokens\":2}";

  private OfferProbe() {}

  static Offer ask(List<URI> ingresses) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (URI ingress : ingresses) {
        awaitAnswer(http, ingress);
      }
      URI first = ingresses.getFirst();
      boolean async = isFound(http, first, send(http, first, "Prefer", "respond-async"));
      String key = UUID.randomUUID().toString();
      HttpResponse<String> one = send(http, first, "Idempotency-Key", key);
      HttpResponse<String> two = send(http, ingresses.getLast(), "Idempotency-Key", key);
      return new Offer(
          async, !id(one).isEmpty() && id(one).equals(id(two)), hasBatches(http, first));
    }
  }

  private static boolean hasBatches(HttpClient http, URI ingress)
      throws IOException, InterruptedException {
    HttpRequest list =
        HttpRequest.newBuilder(ingress.resolve("/v1/batches")).timeout(PATIENCE).build();
    return http.send(list, BodyHandlers.discarding()).statusCode() == OK;
  }

  /** Whoever looks up ids may still be starting. */
  private static boolean isFound(HttpClient http, URI ingress, HttpResponse<String> accepted)
      throws IOException, InterruptedException {
    String id = Replies.json(accepted.body()).path("id").asText();
    long deadline = System.nanoTime() + LOOK_UP_PATIENCE.toNanos();
    while (accepted.statusCode() == ACCEPTED && System.nanoTime() < deadline) {
      HttpRequest lookUp =
          HttpRequest.newBuilder(ingress.resolve("/v1/requests/" + id)).timeout(PATIENCE).build();
      if (http.send(lookUp, BodyHandlers.discarding()).statusCode() == OK) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return false;
  }

  private static void awaitAnswer(HttpClient http, URI ingress)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> answer = send(http, ingress, "X-Weir-Probe", "1");
    while (answer.statusCode() != OK) {
      if (System.nanoTime() > deadline) {
        throw new ChaosException(
            "The ingress at %s answers %d %s to a request before anything was broken."
                .formatted(ingress, answer.statusCode(), answer.body()));
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      answer = send(http, ingress, "X-Weir-Probe", "1");
    }
  }

  private static HttpResponse<String> send(HttpClient http, URI ingress, String name, String value)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(ingress.resolve("/v1/chat/completions"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header(name, value)
            .POST(BodyPublishers.ofString(BODY))
            .build(),
        BodyHandlers.ofString());
  }

  private static String id(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-request-id").orElse("");
  }
}
