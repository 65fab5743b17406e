package io.weir.launcher.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One batch, from its file to the check of each line's answer. */
final class BatchAsk {
  private static final Duration ONE_CALL = Duration.ofSeconds(20);
  private static final long PAUSE_MILLIS = 500;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final String BOUNDARY = "weir-chaos-boundary";

  private final HttpClient http;
  private final List<URI> ingresses;
  private final ClientEntry entry;
  private final ChaosRequest request;
  private final long deadline;
  private int at;

  /**
   * @param ingresses those that are asked what became of it
   * @param deadline on the nano clock
   */
  BatchAsk(HttpClient http, List<URI> ingresses, ClientEntry entry, long deadline) {
    this.http = http;
    this.ingresses = ingresses;
    this.entry = entry;
    this.request = entry.request();
    this.deadline = deadline;
    this.at = request.number();
  }

  /**
   * Asks one ingress, and then any.
   *
   * @throws IOException if the first one breaks off before the batch is known to be accepted
   */
  Outcome run(URI ingress) throws IOException, InterruptedException {
    HttpResponse<String> file =
        http.send(
            post(ingress, "/v1/files", "multipart/form-data; boundary=" + BOUNDARY, form()),
            BodyHandlers.ofString());
    if (file.statusCode() != OK) {
      return refused(file);
    }
    String terms =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}"
            .formatted(Replies.json(file.body()).path("id").asText());
    HttpResponse<String> batch =
        http.send(post(ingress, "/v1/batches", "application/json", terms), BodyHandlers.ofString());
    if (batch.statusCode() != OK) {
      return refused(batch);
    }
    return await("/v1/batches/" + Replies.json(batch.body()).path("id").asText());
  }

  private static Outcome refused(HttpResponse<String> response) {
    return new Outcome.Refused(
        response.statusCode(), Replies.reason(Replies.json(response.body())));
  }

  private static HttpRequest post(URI ingress, String path, String type, String body) {
    return HttpRequest.newBuilder(ingress.resolve(path))
        .timeout(ONE_CALL)
        .header("Content-Type", type)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private String form() {
    StringBuilder form = new StringBuilder();
    form.append("--").append(BOUNDARY);
    form.append("\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--");
    form.append(BOUNDARY);
    form.append(
        "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"chaos.jsonl\"\r\n\r\n");
    for (int line = 0; line < request.lines(); line++) {
      form.append("{\"custom_id\":\"").append(line);
      form.append("\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":");
      form.append(request.line(line).body()).append("}\n");
    }
    return form.append("\r\n--").append(BOUNDARY).append("--\r\n").toString();
  }

  private Outcome await(String path) throws InterruptedException {
    while (System.nanoTime() < deadline) {
      Optional<HttpResponse<String>> found = get(path);
      if (found.isPresent() && found.get().statusCode() != OK) {
        return denied(found.get());
      }
      if (found.isPresent()) {
        JsonNode batch = Replies.json(found.get().body());
        switch (batch.path("status").asText()) {
          case "completed" -> {
            return answers(batch);
          }
          case "failed", "expired", "cancelled" -> {
            return new Outcome.Wrong("the batch is " + batch);
          }
          default -> {
            // Not yet.
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return new Outcome.Unanswered();
  }

  private static Outcome denied(HttpResponse<String> response) {
    return new Outcome.Denied(response.statusCode(), Replies.reason(Replies.json(response.body())));
  }

  /** What the next ingress says; empty if it says nothing now. */
  private Optional<HttpResponse<String>> get(String path) throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(ingresses.get(at++ % ingresses.size()).resolve(path))
                  .timeout(ONE_CALL)
                  .build(),
              BodyHandlers.ofString());
      return Optional.of(response).filter(each -> each.statusCode() != UNAVAILABLE);
    } catch (IOException unreachable) {
      entry.failedOver();
      return Optional.empty();
    }
  }

  private Outcome answers(JsonNode batch) throws InterruptedException {
    Set<Integer> seen = new HashSet<>();
    Optional<String> failure = Optional.empty();
    for (String field : List.of("output_file_id", "error_file_id")) {
      if (batch.path(field).isTextual()) {
        Optional<String> content = content(batch.path(field).asText());
        if (content.isEmpty()) {
          return new Outcome.Unanswered();
        }
        for (String text : content.get().lines().toList()) {
          JsonNode line = Replies.json(text);
          int number = line.path("custom_id").asInt(-1);
          if (!seen.add(number)) {
            return new Outcome.Wrong("line " + number + " of the batch came twice");
          }
          JsonNode body = line.path("response").path("body");
          if (field.equals("error_file_id")) {
            failure = Optional.of(Replies.reason(body));
          } else if (!(AnswerText.whole(request.line(number), body) instanceof Outcome.Answered)) {
            return new Outcome.Wrong("line " + number + " of the batch has a wrong answer");
          }
        }
      }
    }
    if (seen.size() != request.lines()) {
      return new Outcome.Wrong(seen.size() + " of " + request.lines() + " lines came");
    }
    return failure.<Outcome>map(Outcome.Interrupted::new).orElseGet(Outcome.Answered::new);
  }

  private Optional<String> content(String fileId) throws InterruptedException {
    while (System.nanoTime() < deadline) {
      Optional<HttpResponse<String>> content = get("/v1/files/" + fileId + "/content");
      if (content.isPresent() && content.get().statusCode() == OK) {
        return content.map(HttpResponse::body);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return Optional.empty();
  }
}
