package io.weir.launcher.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.cli.Durations;
import io.weir.launcher.cli.TenantsCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tenants from the command line to the bill, with two ingresses. */
class TenantsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TWO_SOURCES =
      """
      sources: [{name: east}, {name: west}]
      pools: [{name: llama, weights: static, price: {prompt: 1, output: 1000}}]
      engines:
        - {id: a, url: "http://127.0.0.1:0", pool: llama, max-in-flight: 256, region: "aws:us-east-1"}
        - {id: b, url: "http://127.0.0.1:0", pool: llama, max-in-flight: 256, region: "aws:eu-west-1"}
      engine-sim: {a: {}, b: {}}
      ingress: {port: 0}
      dispatcher: {port: 0}
      controller: {port: 0}
      embedded: {broker-port: 0, registry-port: 0}
      """;

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private List<URI> ingresses;

  @Test
  void aTenantIsHeldToItsLimitsAndBilled() throws Exception {
    try (TestSystem weir = TestSystem.instant(TWO_SOURCES)) {
      ingresses = List.copyOf(weir.system().ingresses().values());
      Path file =
          Files.writeString(
              folder.resolve("weir.yaml"),
              TWO_SOURCES.replace(
                  "controller: {port: 0}",
                  "controller: {port: " + weir.system().controller().port() + "}"));
      Awaitility.await().atMost(PATIENCE).until(() -> weir.system().controller().isReady());
      assertThat(chat(0, "").statusCode()).isEqualTo(200);

      // Given a tenant with a key
      assertThat(tenants(file, "create", "acme", "--rpm", "600", "--budget", "day:cost=1000"))
          .contains("acme is there");
      String key =
          tenants(file, "create-key", "acme", "--note", "laptop").lines().findFirst().get();
      assertThat(key).startsWith("wk-");
      String listed = tenants(file, "keys", "acme");
      assertThat(listed).contains("laptop").doesNotContain(key.substring(3));
      Awaitility.await().atMost(PATIENCE).until(() -> chat(0, "").statusCode() == 401);
      Awaitility.await().atMost(PATIENCE).until(() -> chat(1, key).statusCode() == 200);

      // When fifty clients send for ten seconds, at both ingresses
      AtomicInteger answered = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      double seconds = flood(key, 50, Duration.ofSeconds(10), answered, refused);

      // Then the bucket of 100, ten a second, and no more than the bound beyond: on a machine where
      // heartbeats take up to half a beat, another bucket
      double limit = 100 + 10 * seconds;
      assertThat(answered.get())
          .as("answered in %.1f s, %d refused", seconds, refused.get())
          .isBetween(1, (int) (limit + 100 + 2));
      assertThat(refused.get()).isPositive();

      // And each is billed once
      int all = answered.get() + 1;
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(tenants(file, "use", "acme")).contains("day        " + all + " req"));
      assertThat(tenants(file, "use", "acme")).contains(" of $1000");

      // When the budget is less than what was spent
      tenants(file, "set", "acme", "--budget", "day:cost=0.01");

      // Then
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> chat(0, key).body().contains("insufficient_quota"));

      // When there is none any more, and the key is revoked
      tenants(file, "set", "acme", "--budget", "day:cost=none");
      Awaitility.await().atMost(PATIENCE).until(() -> chat(1, key).statusCode() == 200);
      String line = listed.lines().toList().get(1);
      String id = line.substring(0, line.indexOf(' '));
      assertThat(tenants(file, "revoke", id)).contains("is revoked");

      // Then both ingresses know
      Awaitility.await().atMost(PATIENCE).until(() -> chat(0, key).statusCode() == 401);
      Awaitility.await().atMost(PATIENCE).until(() -> chat(1, key).statusCode() == 401);
      assertThat(tenants(file)).contains("acme").contains("600");
    }
  }

  private double flood(
      String key, int clients, Duration time, AtomicInteger answered, AtomicInteger refused)
      throws Exception {
    long start = System.nanoTime();
    Callable<Integer> client =
        () -> {
          int sent = 0;
          while (System.nanoTime() - start < time.toNanos()) {
            HttpResponse<String> answer = chat(sent++ % 2, key);
            if (answer.statusCode() == 200) {
              answered.incrementAndGet();
            } else {
              assertThat(answer.statusCode()).isEqualTo(429);
              assertThat(answer.headers().firstValue("retry-after-ms")).isPresent();
              refused.incrementAndGet();
              // As clients do; a tenth of the time, so that there are always some.
              LockSupport.parkNanos(
                  100_000 * (10 + answer.headers().firstValueAsLong("retry-after-ms").getAsLong()));
            }
          }
          return sent;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        running.add(threads.submit(client));
      }
      for (Future<Integer> each : running) {
        each.get();
      }
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  private HttpResponse<String> chat(int ingress, String key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ingresses.get(ingress).resolve("/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"llama\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));
    if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String tenants(Path config, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    int exit =
        new CommandLine(new TenantsCommand())
            .registerConverter(Duration.class, new Durations())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    assertThat(exit).as("%s", err).isZero();
    return out.toString();
  }
}
