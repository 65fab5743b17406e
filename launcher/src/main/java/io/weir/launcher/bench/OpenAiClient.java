package io.weir.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.weir.launcher.bench.Outcome.Answered;
import io.weir.launcher.bench.Outcome.Failed;
import io.weir.launcher.bench.Outcome.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** Sends one request at a time on the calling thread and times its answer. */
final class OpenAiClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);
  private static final HeaderName RETRY_AFTER_MS = HeaderNames.create("retry-after-ms");
  private static final int MAX_ERROR_BODY = 64 << 10;

  private final Http1Client http;
  private final String url;
  private final Optional<String> apiKey;
  private final Delivery delivery;
  private final long timeoutNanos;
  private final Optional<AnswerCheck> check;

  /**
   * @param url of the endpoint
   * @param connections how many idle connections are kept
   * @param timeout for a whole answer
   */
  OpenAiClient(
      String url,
      Optional<String> apiKey,
      Delivery delivery,
      int connections,
      Duration timeout,
      Optional<AnswerCheck> check) {
    this.url = url;
    this.apiKey = apiKey;
    this.delivery = delivery;
    this.timeoutNanos = timeout.toNanos();
    this.check = check;
    this.http =
        Http1Client.builder()
            .shareConnectionCache(false)
            .connectionCacheSize(connections)
            .connectTimeout(timeout)
            .readTimeout(timeout)
            .followRedirects(false)
            .build();
  }

  /**
   * Connects once before anything is measured, so that a wrong address is told at once and the
   * first request's time is not spent on loading classes.
   *
   * @throws IllegalArgumentException naming the address if nothing answers there
   */
  void greet() {
    try (Http1ClientResponse response =
        http.get(url.replaceFirst("/v1/.*", "/v1/models")).request()) {
      response.entity().inputStream().readNBytes(MAX_ERROR_BODY);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "nothing answers at " + url + " (" + FailureKind.of(e) + "); is it up?", e);
    }
  }

  /**
   * Sends a request and reads its answer.
   *
   * @param sender whose key is taken, if it has one
   * @param intendedNanos when it should have been sent, on {@link System#nanoTime()}'s clock
   * @param gaps receives the time between each two tokens, in nanoseconds
   */
  Outcome send(Call call, Sender sender, long intendedNanos, LongConsumer gaps) {
    Http1ClientRequest request =
        http.post(url).header(HeaderNames.CONTENT_TYPE, "application/json");
    sender
        .key()
        .or(() -> apiKey)
        .ifPresent(key -> request.header(HeaderNames.AUTHORIZATION, "Bearer " + key));
    try (Http1ClientResponse response = request.submit(call.body())) {
      InputStream in = response.entity().inputStream();
      int status = response.status().code();
      if (status != 200) {
        String text = new String(in.readNBytes(MAX_ERROR_BODY), StandardCharsets.UTF_8);
        return new Refused(
            FailureKind.ofStatus(status, text),
            System.nanoTime() - intendedNanos,
            retryAfter(response));
      }
      return delivery == Delivery.STREAM
          ? new StreamReading(call, intendedNanos, gaps).read(new EventStream(in))
          : whole(call, in.readAllBytes(), intendedNanos);
    } catch (IOException | RuntimeException e) {
      // Runtime ones are Helidon's for connections that cannot be made or end within a message.
      return new Failed(FailureKind.of(e));
    }
  }

  @Override
  public void close() {
    http.closeResource();
  }

  private static OptionalLong retryAfter(Http1ClientResponse response) {
    OptionalLong millis = number(response, RETRY_AFTER_MS, 1_000_000);
    return millis.isPresent() ? millis : number(response, HeaderNames.RETRY_AFTER, 1_000_000_000);
  }

  private static OptionalLong number(Http1ClientResponse response, HeaderName name, long unit) {
    try {
      return response
          .headers()
          .first(name)
          .map(text -> OptionalLong.of((long) (Double.parseDouble(text) * unit)))
          .orElse(OptionalLong.empty());
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private Outcome whole(Call call, byte[] body, long intendedNanos) throws IOException {
    long total = System.nanoTime() - intendedNanos;
    JsonNode json = JSON.readTree(body);
    JsonNode usage = json.path("usage");
    JsonNode choice = json.path("choices").path(0);
    String text = choice.path("message").path("content").asText(choice.path("text").asText(""));
    return checked(
        call,
        text,
        new Answered(
            OptionalLong.empty(),
            total,
            usage.path("prompt_tokens").asLong(),
            usage.path("completion_tokens").asLong()));
  }

  private Outcome checked(Call call, String text, Answered answer) {
    return check
        .flatMap(looking -> looking.problem(call.prompt(), text, answer.outputTokens()))
        .<Outcome>map(problem -> new Failed("wrong answer: " + problem))
        .orElse(answer);
  }

  /** One streamed answer as it comes. */
  private final class StreamReading {
    private final Call call;
    private final long intendedNanos;
    private final LongConsumer gaps;
    private final StringBuilder text = new StringBuilder();
    private long firstToken;
    private long lastToken;
    private long events;
    private long promptTokens;
    private long outputTokens;

    StreamReading(Call call, long intendedNanos, LongConsumer gaps) {
      this.call = call;
      this.intendedNanos = intendedNanos;
      this.gaps = gaps;
    }

    Outcome read(EventStream stream) throws IOException {
      boolean done = false;
      while (stream.next()) {
        long now = System.nanoTime();
        if (now - intendedNanos > timeoutNanos) {
          return new Failed("timeout");
        }
        if (stream.done()) {
          done = true;
        } else if (stream.hasText()) {
          token(now, stream);
        } else if (stream.mentions(ERROR)) {
          return new Failed(FailureKind.inStream(stream.data()));
        }
        if (!done && stream.mentions(USAGE)) {
          usage(stream.data());
        }
      }
      if (!done) {
        return new Failed(FailureKind.CUT);
      }
      return checked(
          call,
          text.toString(),
          new Answered(
              events == 0 ? OptionalLong.empty() : OptionalLong.of(firstToken - intendedNanos),
              System.nanoTime() - intendedNanos,
              promptTokens,
              outputTokens > 0 ? outputTokens : events));
    }

    private void token(long now, EventStream stream) throws IOException {
      if (events++ == 0) {
        firstToken = now;
      } else {
        gaps.accept(now - lastToken);
      }
      lastToken = now;
      if (check.isPresent()) {
        JsonNode choice = JSON.readTree(stream.data()).path("choices").path(0);
        text.append(choice.path("delta").path("content").asText(choice.path("text").asText("")));
      }
    }

    private void usage(String data) throws IOException {
      JsonNode usage = JSON.readTree(data).path("usage");
      if (usage.isObject()) {
        promptTokens = usage.path("prompt_tokens").asLong();
        outputTokens = usage.path("completion_tokens").asLong();
      }
    }
  }
}
