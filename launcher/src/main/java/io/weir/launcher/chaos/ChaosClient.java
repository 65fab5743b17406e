package io.weir.launcher.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks as a careful client does: where no connection is taken it goes to another ingress, and what
 * has an idempotency key is asked for again, with the last event's id, when its connection breaks.
 * Whatever else breaks is told as it is.
 */
final class ChaosClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 200;
  private static final int POLL_SECONDS = 10;
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final List<URI> ingresses;
  private final long patienceNanos;

  /**
   * @param patience for one request, everything included; the caller interrupts who waits longer
   */
  ChaosClient(List<URI> ingresses, Duration patience) {
    this.ingresses = List.copyOf(ingresses);
    this.patienceNanos = patience.toNanos();
  }

  /** Asks until there is an outcome. */
  Outcome ask(ClientEntry entry) {
    ChaosRequest request = entry.request();
    AnswerText answer = new AnswerText(request);
    long deadline = System.nanoTime() + patienceNanos;
    int at = request.number();
    while (System.nanoTime() < deadline) {
      URI ingress = ingresses.get(at++ % ingresses.size());
      try {
        Outcome outcome =
            switch (request.kind()) {
              case SYNC -> sync(entry, ingress);
              case STREAM, CUT_STREAM -> stream(entry, ingress, answer);
              case ASYNC -> async(entry, ingress, deadline);
              case BATCH -> new BatchAsk(http, ingresses, entry, deadline).run(ingress);
            };
        if (!(outcome instanceof Outcome.Disconnected) || request.key().isEmpty()) {
          return outcome;
        }
        entry.resumed();
      } catch (ConnectException nobodyThere) {
        entry.failedOver();
        pause();
      } catch (IOException broken) {
        if (Thread.currentThread().isInterrupted()) {
          return new Outcome.Unanswered();
        }
        if (request.key().isEmpty()) {
          return answer.ended() ? answer.outcome() : new Outcome.Disconnected();
        }
        entry.resumed();
        pause();
      } catch (InterruptedException outOfPatience) {
        Thread.currentThread().interrupt();
        return new Outcome.Unanswered();
      }
    }
    return new Outcome.Unanswered();
  }

  private Outcome sync(ClientEntry entry, URI ingress) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(post(entry, ingress).build(), BodyHandlers.ofString());
    told(entry, response);
    JsonNode body = Replies.json(response.body());
    return response.statusCode() == OK
        ? AnswerText.whole(entry.request(), body)
        : new Outcome.Refused(response.statusCode(), Replies.reason(body));
  }

  private Outcome stream(ClientEntry entry, URI ingress, AnswerText answer)
      throws IOException, InterruptedException {
    HttpRequest.Builder post = post(entry, ingress);
    answer.lastId().ifPresent(id -> post.header("Last-Event-ID", id));
    HttpResponse<InputStream> response = http.send(post.build(), BodyHandlers.ofInputStream());
    told(entry, response);
    try (InputStream in = response.body()) {
      if (response.statusCode() != OK) {
        String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome.Refused(response.statusCode(), Replies.reason(Replies.json(body)));
      }
      boolean cut = entry.request().kind() == Kind.CUT_STREAM && entry.resumes() == 0;
      read(in, answer, cut ? entry.request().cutAfter() : Integer.MAX_VALUE);
      return answer.outcome();
    }
  }

  /** Reads until the stream or the number of events ends. */
  private static void read(InputStream in, AnswerText answer, int most) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    String id = "";
    String line;
    while (!answer.ended() && answer.events() < most && (line = lines.readLine()) != null) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        answer.event(id, line.substring(6));
        id = "";
      }
    }
  }

  private Outcome async(ClientEntry entry, URI ingress, long deadline)
      throws IOException, InterruptedException {
    HttpResponse<String> accepted =
        http.send(
            post(entry, ingress).header("Prefer", "respond-async").build(),
            BodyHandlers.ofString());
    told(entry, accepted);
    JsonNode body = Replies.json(accepted.body());
    if (accepted.statusCode() != ACCEPTED) {
      return new Outcome.Refused(accepted.statusCode(), Replies.reason(body));
    }
    String id = body.path("id").asText();
    entry.told(id);
    int at = entry.request().number();
    while (System.nanoTime() < deadline) {
      URI from = ingresses.get(at++ % ingresses.size());
      try {
        HttpResponse<String> found =
            http.send(
                HttpRequest.newBuilder(from.resolve("/v1/requests/" + id + "?wait=" + POLL_SECONDS))
                    .timeout(Duration.ofSeconds(2 * POLL_SECONDS))
                    .build(),
                BodyHandlers.ofString());
        JsonNode state = Replies.json(found.body());
        if (found.statusCode() == UNAVAILABLE) {
          pause();
        } else if (found.statusCode() != OK) {
          return new Outcome.Denied(found.statusCode(), Replies.reason(state));
        } else if (AsyncState.isOver(state)) {
          return AsyncState.outcome(entry.request(), state);
        }
      } catch (IOException unreachable) {
        if (Thread.currentThread().isInterrupted()) {
          return new Outcome.Unanswered();
        }
        entry.failedOver();
        pause();
      }
    }
    return new Outcome.Unanswered();
  }

  private static HttpRequest.Builder post(ClientEntry entry, URI ingress) {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(ingress.resolve("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(entry.request().body()));
    entry.request().key().ifPresent(key -> post.header("Idempotency-Key", key));
    return post;
  }

  private static void told(ClientEntry entry, HttpResponse<?> response) {
    response.headers().firstValue("x-request-id").ifPresent(entry::told);
  }

  /** Whoever is interrupted meanwhile notices at the next call. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException outOfPatience) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
