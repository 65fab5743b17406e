package io.weir.launcher.live;

import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests of one source that come whether or not those before them are done, at even distances
 * with some jitter. No prompt begins like another. Ends by itself after three minutes.
 */
final class OpenLoad implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int MOST_AT_ONCE = 400;
  private static final int WORD_CHARS = 4;
  private static final int OK = 200;
  private static final Pattern REASON = Pattern.compile("\"message\":\"([^\"]*)\"");

  private final Http1Client http;
  private final String model;
  private final int promptTokens;
  private final int outputTokens;
  private final RandomGenerator random;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final AtomicInteger skipped = new AtomicInteger();
  private final Thread thread;
  private volatile double perSecond;
  private volatile boolean stopping;

  private OpenLoad(
      URI ingress, String model, int promptTokens, int outputTokens, double perSecond, long seed) {
    this.http =
        Http1Client.builder()
            .baseUri(ingress.toString())
            .connectionCacheSize(MOST_AT_ONCE)
            .readTimeout(Duration.ofSeconds(60))
            .shareConnectionCache(false)
            .build();
    this.model = model;
    this.promptTokens = promptTokens;
    this.outputTokens = outputTokens;
    this.perSecond = perSecond;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.thread = Thread.ofPlatform().name("weir-test-load").unstarted(this::run);
  }

  static OpenLoad start(
      URI ingress, String model, int promptTokens, int outputTokens, double perSecond, long seed) {
    OpenLoad load = new OpenLoad(ingress, model, promptTokens, outputTokens, perSecond, seed);
    load.thread.start();
    return load;
  }

  void rate(double newPerSecond) {
    perSecond = newPerSecond;
  }

  /** How many requests ended how: their status, with the reason where it is not 200. */
  synchronized Map<String, Integer> outcomes() {
    return new TreeMap<>(outcomes);
  }

  /** Requests not sent because too many were waiting. */
  int skipped() {
    return skipped.get();
  }

  private void run() {
    long end = System.nanoTime() + LONGEST.toNanos();
    long next = System.nanoTime();
    while (!stopping && System.nanoTime() < end) {
      double gap = (0.5 + random.nextDouble()) / perSecond;
      next = Math.max(next + (long) (gap * 1e9), System.nanoTime() - 100_000_000L);
      long wait;
      while (!stopping && (wait = next - System.nanoTime()) > 0) {
        LockSupport.parkNanos(Math.min(wait, 50_000_000L));
      }
      if (!stopping) {
        send(body());
      }
    }
  }

  private void send(byte[] body) {
    if (!atOnce.tryAcquire()) {
      skipped.incrementAndGet();
      return;
    }
    var unused =
        requests.submit(
            () -> {
              try {
                count(post(body));
              } finally {
                atOnce.release();
              }
            });
  }

  private String post(byte[] body) {
    try (Http1ClientResponse response =
        http.post("/v1/chat/completions")
            .header(HeaderNames.CONTENT_TYPE, "application/json")
            .submit(body)) {
      String answer = new String(response.entity().as(byte[].class), StandardCharsets.UTF_8);
      int status = response.status().code();
      return status == OK ? "200" : status + " " + reason(answer);
    } catch (RuntimeException lost) {
      return stopping ? "given up at the end" : "lost: " + lost.getMessage();
    }
  }

  private static String reason(String error) {
    Matcher reason = REASON.matcher(error);
    return reason.find() ? reason.group(1) : error;
  }

  private synchronized void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  private byte[] body() {
    StringBuilder prompt = new StringBuilder(promptTokens * WORD_CHARS);
    for (int i = 0; i < promptTokens; i++) {
      for (int c = 1; c < WORD_CHARS; c++) {
        prompt.append((char) ('a' + random.nextInt(26)));
      }
      prompt.append(' ');
    }
    return ("{\"model\":\""
            + model
            + "\",\"max_tokens\":"
            + outputTokens
            + ",\"messages\":[{\"role\":\"user\",\"content\":\""
            + prompt
            + "\"}]}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requests.shutdownNow();
    http.closeResource();
  }
}
