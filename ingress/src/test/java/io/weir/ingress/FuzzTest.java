package io.weir.ingress;

import static io.weir.ingress.HostileBodies.MARKER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.HotSpotDiagnosticMXBean;
import io.weir.ingress.HostileRequests.Whole;
import io.weir.ingress.RawConnection.Answer;
import io.weir.schemas.InferenceRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred thousand malformed or hostile requests ({@code weir.fuzz.requests} of them, from {@code
 * weir.fuzz.seed}), honest ones among them: every answer is well-formed HTTP, every error is typed
 * and tells nothing of the inside, honest clients get their answers, and nothing stays behind.
 */
class FuzzTest {
  private static final int REQUESTS = Integer.getInteger("weir.fuzz.requests", 100_000);
  private static final long SEED = Long.getLong("weir.fuzz.seed", System.nanoTime());
  private static final int CLIENTS = 8;
  private static final int SLOW_SENDERS = 200;
  private static final int KEPT = 20;
  private static final long HEAP_SLACK = 48L << 20;

  /** What an answer must not tell: where in the code it was made. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "\\bat [a-z]+\\.[a-z]+|Exception|Caused by|\\b(io\\.(weir|helidon)|java|com\\.fasterxml|org\\.apache)\\.");

  private final AtomicInteger left = new AtomicInteger(REQUESTS);
  private final AtomicInteger honest = new AtomicInteger();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

  @Test
  void hostileRequestsLeaveNothingBehind(@TempDir Path directory) throws Exception {
    System.out.println("fuzz: " + REQUESTS + " requests, -Dweir.fuzz.seed=" + SEED);
    // Given an ingress with a client's key, whose requests are echoed
    IngressConfig config =
        Rig.config(
            List.of(
                new ApiKey(
                    HexFormat.of()
                        .formatHex(Authenticator.sha256(HostileRequests.KEY.getBytes(UTF_8))),
                    "acme")),
            Map.of("body", "64KiB", "headers", "8KiB", "json-depth", "64", "file", "64KiB"),
            Map.of("headers", "3s", "body", "3s", "drain", "1s"));
    try (Rig rig = new Rig(directory);
        FakeController controller = new FakeController(rig.kafka.settings(), "controller-1");
        LogCapture log = new LogCapture(MARKER);
        Ingress ingress = rig.ingress(config)) {
      rig.dispatcher.onRequest(request -> echo(rig.dispatcher, request));
      run(ingress, Math.min(5_000, REQUESTS / 10), new SplittableRandom(SEED));
      Left before = settled(ingress, directory);

      // When
      long start = System.nanoTime();
      left.set(REQUESTS);
      run(ingress, REQUESTS, new SplittableRandom(SEED + 1));
      double seconds = (System.nanoTime() - start) * 1e-9;

      // Then
      Left after = settled(ingress, directory);
      System.out.printf(
          "fuzz: %.1f s, %d honest, %d lines logged; before %s, after %s%n  answers %s%n",
          seconds, honest.get(), log.lines(), before, after, new TreeMap<>(answers));
      assertThat(wrong).as("seed %d", SEED).isEmpty();
      assertThat(honest.get()).isGreaterThan(REQUESTS / 50);
      assertThat(log.found()).as("content in the logs, seed %d", SEED).isEmpty();
      // Of a first line whose method is no word, the HTTP server warns as of an error of its own.
      assertThat(log.errors())
          .as("errors in the logs, seed %d", SEED)
          .allMatch(line -> line.contains("Token contains illegal character"));
      assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 4);
      assertThat(after.files()).isLessThanOrEqualTo(before.files() + 16);
      assertThat(after.heap()).isLessThan(before.heap() + HEAP_SLACK);
      assertThat(answer(ingress, "after all")).contains("after all");
      assertThat(controller.authorization()).isEmpty();
    }
  }

  /** What a process holds. Threads are virtual ones too. */
  private record Left(long threads, long files, long heap) {
    @Override
    public String toString() {
      return "%d threads, %d open files, %d MiB".formatted(threads, files, heap >> 20);
    }
  }

  private Left settled(Ingress ingress, Path directory) {
    Awaitility.await("connections, requests and exchanges are gone")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              String metrics = Client.text(Client.get(ingress, "/metrics"));
              return gauge(metrics, "weir_ingress_connections ") <= 1
                  && gauge(metrics, "weir_ingress_running ") == 0
                  && gauge(metrics, "weir_ingress_exchanges ") == 0;
            });
    Awaitility.await("memory is collected")
        .pollDelay(Duration.ofMillis(500))
        .until(
            () -> {
              System.gc();
              return true;
            });
    try {
      return new Left(threads(directory), open(), heap());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static double gauge(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static long threads(Path directory) throws IOException {
    Path dump = directory.resolve("threads-" + System.nanoTime() + ".txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    try (Stream<String> lines = Files.lines(dump)) {
      return lines.filter(line -> line.startsWith("#")).count();
    }
  }

  private static long open() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    } catch (java.nio.file.NoSuchFileException e) {
      return 0;
    }
  }

  private static long heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void echo(FakeDispatcher dispatcher, InferenceRequest request) {
    FakeDispatcher.Attempt attempt = dispatcher.attempt(request, "attempt-" + request.getId());
    byte[] body = new byte[request.getBody().remaining()];
    request.getBody().duplicate().get(body);
    if (request.getStream()) {
      attempt.head(200, "text/event-stream").events("data: {}\n\ndata: [DONE]\n\n", 2).end();
    } else {
      attempt.whole(200, "application/json", body);
    }
  }

  private void run(Ingress ingress, int requests, SplittableRandom random)
      throws InterruptedException {
    left.set(requests);
    ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    for (int i = 0; i < CLIENTS; i++) {
      SplittableRandom own = random.split();
      var unused = clients.submit(() -> client(ingress, own));
    }
    for (int i = 0; i < Math.min(SLOW_SENDERS, requests / 100); i++) {
      SplittableRandom own = random.split();
      var unused = clients.submit(() -> slow(ingress, own));
    }
    clients.shutdown();
    assertThat(clients.awaitTermination(10, TimeUnit.MINUTES)).isTrue();
  }

  private void client(Ingress ingress, SplittableRandom random) {
    while (left.get() > 0 && wrong.size() < KEPT) {
      long seed = random.nextLong();
      try {
        connection(ingress, new SplittableRandom(seed));
      } catch (IOException | RuntimeException e) {
        wrong("connection of seed " + seed + ": " + e);
      }
    }
  }

  /** Some requests on one connection, all sent before the first is answered. */
  private void connection(Ingress ingress, SplittableRandom random) throws IOException {
    try (RawConnection connection = new RawConnection(ingress.port())) {
      for (int rounds = 1 + random.nextInt(10); rounds > 0; rounds--) {
        List<Whole> sent = new ArrayList<>();
        Map<Integer, String> expected = new TreeMap<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
          if (random.nextInt(20) == 0) {
            String body = body("honest " + random.nextLong());
            expected.put(sent.size(), body);
            sent.add(new Whole(post(body), false));
          } else {
            sent.add(HostileRequests.whole(random));
          }
          bytes.writeBytes(sent.getLast().bytes());
        }
        byte[] broken = {};
        if (random.nextInt(4) == 0) {
          broken = HostileRequests.broken(random);
          bytes.writeBytes(broken);
          left.decrementAndGet();
        }
        if (!exchange(connection, bytes.toByteArray(), sent, expected, broken)) {
          return;
        }
      }
    }
  }

  /** Returns whether the connection can be used on. */
  private boolean exchange(
      RawConnection connection,
      byte[] bytes,
      List<Whole> sent,
      Map<Integer, String> expected,
      byte[] broken)
      throws IOException {
    try {
      connection.send(bytes);
      if (broken.length > 0) {
        connection.sendEnd();
      }
    } catch (IOException e) {
      // The server may have closed by now, which it says in the answer that is read next.
      count("closed while sending");
    }
    for (int i = 0; i < sent.size(); i++) {
      Optional<Answer> answer = connection.read(sent.get(i).isHead());
      if (answer.isEmpty() && broken.length > 0) {
        // Who ends the stream is taken to have left, and who has left gets no answer.
        count("left before the answer");
        return false;
      }
      if (answer.isEmpty()) {
        wrong("closed without a word instead of answering the last of " + heads(sent, i));
        return false;
      }
      check(answer.get(), sent.get(i));
      if (expected.containsKey(i)) {
        honest.incrementAndGet();
        if (answer.get().status() != 200 || !answer.get().body().equals(expected.get(i))) {
          wrong("an honest request got " + answer.get().text());
        }
      } else {
        left.decrementAndGet();
      }
      if (answer.get().isLast()) {
        return false;
      }
    }
    if (broken.length > 0) {
      rest(connection, new Whole(broken, false));
      left.decrementAndGet();
      return false;
    }
    return true;
  }

  /** What comes on a connection until it ends; it must end. */
  private void rest(RawConnection connection, Whole sent) throws IOException {
    for (Optional<Answer> answer = next(connection, sent);
        answer.isPresent() && !answer.get().isLast();
        answer = next(connection, sent)) {
      count("more after a broken one");
    }
  }

  private Optional<Answer> next(RawConnection connection, Whole sent) throws IOException {
    try {
      Optional<Answer> answer = connection.read(false);
      answer.ifPresent(one -> check(one, sent));
      return answer;
    } catch (java.net.SocketException e) {
      count("reset after a broken one");
      return Optional.empty();
    }
  }

  /** Sends the beginning of a request, and then nothing for as long as the server waits. */
  private void slow(Ingress ingress, SplittableRandom random) {
    byte[] whole = post(body("slow"));
    try (RawConnection connection = new RawConnection(ingress.port())) {
      connection.send(java.util.Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1)));
      left.decrementAndGet();
      Optional<Answer> answer = connection.read(false);
      if (answer.isEmpty() || answer.get().status() != 408) {
        wrong("a slow sender got " + answer.map(Answer::text).orElse("nothing"));
      }
    } catch (IOException | RuntimeException e) {
      wrong("a slow sender got " + e);
    }
  }

  private void check(Answer answer, Whole sent) {
    count(Integer.toString(answer.status()));
    String text = answer.text();
    if (INSIDE.matcher(text).find() && !isMetrics(sent)) {
      wrong("tells of its inside: " + text + " to " + text(sent.bytes()));
    }
    if (answer.status() >= 400 && !sent.isHead()) {
      try {
        JsonNode error = Client.error(answer.body().getBytes(ISO_8859_1));
        String reason = error.at("/weir/reason").asText();
        count(answer.status() + " " + reason);
        if (reason.isEmpty()
            || reason.equals("internal_error")
            || error.path("message").asText().isEmpty()
            || error.path("type").asText().isEmpty()) {
          wrong("is not typed: " + text + " to " + text(sent.bytes()));
        }
        if (answer.status() == 429 || answer.status() == 503) {
          if (!answer.headers().containsKey("retry-after")) {
            wrong("does not say when to come again: " + text);
          }
        }
      } catch (IOException | RuntimeException e) {
        wrong("is no error in JSON: " + text + " to " + text(sent.bytes()));
      }
    }
  }

  private static boolean isMetrics(Whole sent) {
    return text(sent.bytes()).contains("/metrics");
  }

  private String answer(Ingress ingress, String prompt) throws IOException {
    try (RawConnection connection = new RawConnection(ingress.port())) {
      connection.send(post(body(prompt)));
      return connection.read(false).map(Answer::text).orElse("nothing");
    }
  }

  private static String body(String prompt) {
    return "{\"model\":\"llama\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\""
        + MARKER
        + ' '
        + prompt
        + "\"}]}";
  }

  private static byte[] post(String body) {
    return ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer "
            + HostileRequests.KEY
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    return "<<" + (text.length() <= 1_500 ? text : text.substring(0, 1_500) + "…") + ">>";
  }

  /** Some requests up to one, without their bodies. */
  private static String heads(List<Whole> sent, int last) {
    StringBuilder heads = new StringBuilder();
    for (Whole each : sent.subList(0, last + 1)) {
      heads.append('\n').append(text(each.bytes()).split("\r\n\r\n", 2)[0]);
    }
    return heads.toString();
  }

  private void count(String what) {
    answers.computeIfAbsent(what, absent -> new LongAdder()).increment();
  }

  private void wrong(String what) {
    if (wrong.size() < KEPT) {
      wrong.add(what);
    }
  }
}
