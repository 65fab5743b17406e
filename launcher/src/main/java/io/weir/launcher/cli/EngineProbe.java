package io.weir.launcher.cli;

import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.weir.routing.config.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Looks at one engine from outside: is it well, how far is it, how much does it do. */
final class EngineProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int OK = 200;

  /** Names for requests that run: vLLM, SGLang, llama.cpp, TGI. */
  private static final List<String> RUNNING =
      List.of(
          "vllm:num_requests_running",
          "sglang:num_running_reqs",
          "llamacpp:requests_processing",
          "tgi_batch_current_size");

  /** Names for requests that wait, in the same order. */
  private static final List<String> WAITING =
      List.of(
          "vllm:num_requests_waiting",
          "sglang:num_queue_reqs",
          "llamacpp:requests_deferred",
          "tgi_queue_size");

  /**
   * What was seen.
   *
   * @param health {@code ok}, or what was answered instead
   * @param roundTrip of a small request over an open connection
   */
  record Seen(
      String health,
      Optional<Duration> roundTrip,
      OptionalDouble running,
      OptionalDouble waiting) {}

  private final URI url;
  private final Optional<Secret> apiKey;
  private final String source;

  /**
   * @param source the source that asks, which simulated engines take as a distance
   */
  EngineProbe(URI url, Optional<Secret> apiKey, String source) {
    this.url = url;
    this.apiKey = apiKey;
    this.source = source;
  }

  Seen look() {
    Http1Client http =
        Http1Client.builder()
            .baseUri(url.toString())
            .connectTimeout(TIMEOUT)
            .readTimeout(TIMEOUT)
            .shareConnectionCache(false)
            .build();
    try {
      int health = get(http, "/health").status();
      // Hosted APIs have no /health.
      int models = get(http, "/v1/models").status();
      long start = System.nanoTime();
      get(http, "/v1/models");
      Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
      String metrics = metrics(http);
      boolean well = health == OK || (health == 404 && models == OK);
      return new Seen(
          well ? "ok" : "HTTP " + (health == 404 ? models : health),
          Optional.of(roundTrip),
          value(metrics, RUNNING),
          value(metrics, WAITING));
    } catch (RuntimeException e) {
      return new Seen(
          "down (" + reason(e) + ")",
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
    } finally {
      http.closeResource();
    }
  }

  private record Answer(int status, String body) {}

  private String metrics(Http1Client http) {
    Answer answer = get(http, "/metrics");
    return answer.status() == OK ? answer.body() : "";
  }

  private Answer get(Http1Client http, String path) {
    Http1ClientRequest request = http.get(path).header(HeaderNames.create("x-weir-source"), source);
    apiKey.ifPresent(key -> request.header(HeaderNames.AUTHORIZATION, "Bearer " + key.value()));
    try (Http1ClientResponse response = request.request()) {
      String body =
          response.entity().hasEntity()
              ? new String(response.entity().as(byte[].class), StandardCharsets.UTF_8)
              : "";
      return new Answer(response.status().code(), body);
    }
  }

  /** The sum of a gauge over its labels, by the first name there is. */
  static OptionalDouble value(String metrics, List<String> names) {
    for (String name : names) {
      double[] values =
          metrics
              .lines()
              .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .toArray();
      if (values.length > 0) {
        double sum = 0;
        for (double value : values) {
          sum += value;
        }
        return OptionalDouble.of(sum);
      }
    }
    return OptionalDouble.empty();
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
