package io.weir.launcher.bench;

import static io.weir.launcher.bench.FakeEndpoint.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.http.HeaderNames;
import io.weir.launcher.cli.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Classes, tenants, and senders who come again when told to. */
class MixTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHOLE =
      "{\"choices\":[{\"message\":{\"content\":\"hello\"}}],"
          + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}";
  private static final String SHED =
      "{\"error\":{\"type\":\"rate_limit_error\",\"weir\":{\"reason\":\"queue_delay\"}}}";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String... arguments) {
    return new CommandLine(new BenchCommand())
        .registerConverter(Duration.class, new Durations())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static int count(JsonNode part, String member) {
    return part.path(member).asInt();
  }

  @Test
  void requestsAreDrawnByShareAndAlikeForOneSeed() {
    Mix mix =
        new Mix(
            Optional.of(Shares.of("priority=5, standard=95")),
            Optional.of(Shares.of("a=1,b=3")),
            Map.of("a", "ka", "b", "kb"),
            7);
    List<Sender> senders = IntStream.range(0, 20_000).mapToObj(mix::of).toList();

    assertThat(share(senders, sender -> sender.requestClass().equals(Optional.of("priority"))))
        .isCloseTo(0.05, within(0.01));
    assertThat(share(senders, sender -> sender.tenant().equals(Optional.of("b"))))
        .isCloseTo(0.75, within(0.02));
    assertThat(senders)
        .allMatch(sender -> sender.key().equals(sender.tenant().map(name -> "k" + name)));
    assertThat(mix.of(4)).isEqualTo(mix.of(4));
  }

  private static double share(List<Sender> senders, java.util.function.Predicate<Sender> of) {
    return (double) senders.stream().filter(of).count() / senders.size();
  }

  @Test
  void whatIsNoShareIsNamed() {
    for (String wrong : List.of("priority", "priority=", "=5", "priority=-1", "a=1,,b=2")) {
      assertThatThrownBy(() -> Shares.of(wrong)).hasMessageContaining("is not a name and a");
    }
    assertThatThrownBy(() -> Shares.of("a=1,a=2")).hasMessageContaining("'a' is there twice");
  }

  @Test
  void resultsAreTheClassesAndTheTenants(@TempDir Path folder) throws IOException {
    // Given an endpoint that refuses batch
    Path keys = Files.writeString(folder.resolve("keys"), "# two tenants\na=key-a\nb=key-b\n");
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            (body, response) ->
                (body.contains("\"service_tier\":\"batch\"") ? json(429, SHED) : json(200, WHOLE))
                    .to(body, response))) {
      // When
      List<String> arguments = new ArrayList<>(List.of("--url", endpoint.url(), "--json"));
      arguments.addAll(List.of("--rate", "200", "--duration", "500ms"));
      arguments.addAll(List.of("--classes", "priority=1,standard=1,batch=2"));
      arguments.addAll(List.of("--tenants", "a=1,b=1", "--key-file", keys.toString()));
      int exit = bench(arguments.toArray(String[]::new));

      // Then
      assertThat(exit).isEqualTo(1);
      JsonNode summary = JSON.readTree(out.toString());
      JsonNode batch = summary.at("/classes/batch");
      assertThat(count(summary, "sent")).isEqualTo(100);
      assertThat(count(batch, "sent")).isPositive().isEqualTo(count(summary, "refused"));
      assertThat(batch.at("/refusals/HTTP 429 queue_delay/count").asInt())
          .isEqualTo(count(batch, "sent"));
      assertThat(count(batch, "answered")).isZero();
      assertThat(count(summary.at("/classes/priority"), "answered")).isPositive();
      assertThat(count(summary.at("/tenants/a"), "sent") + count(summary.at("/tenants/b"), "sent"))
          .isEqualTo(100);
      assertThat(Set.copyOf(endpoint.keys)).isEqualTo(Set.of("Bearer key-a", "Bearer key-b"));
      assertThat(endpoint.bodies.stream().collect(Collectors.joining()))
          .contains("\"service_tier\":\"default\"}");
    }
  }

  @Test
  void whoIsToldToComeAgainDoes() throws IOException {
    // Given an endpoint that refuses each request once
    Set<String> seen = ConcurrentHashMap.newKeySet();
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            (body, response) -> {
              if (seen.add(body)) {
                response.headers().set(HeaderNames.create("retry-after-ms"), "20");
                response.headers().set(HeaderNames.RETRY_AFTER, "1");
                json(429, SHED).to(body, response);
              } else {
                json(200, WHOLE).to(body, response);
              }
            })) {
      // When
      int exit =
          bench(
              "--url",
              endpoint.url(),
              "--rate",
              "100",
              "--duration",
              "100ms",
              "--retry-after",
              "--json",
              "-");

      // Then
      assertThat(exit).isZero();
      JsonNode summary = JSON.readTree(out.toString());
      assertThat(count(summary, "answered")).isEqualTo(10);
      assertThat(count(summary, "refused")).isZero();
      assertThat(summary.get("tries"))
          .isEqualTo(JSON.readTree("[{\"sent\":10,\"answered\":0},{\"sent\":10,\"answered\":10}]"));
      assertThat(summary.at("/refusals/HTTP 429 queue_delay/count").asInt()).isEqualTo(10);
      assertThat(summary.at("/refusal_ms/count").asInt()).isEqualTo(10);
    }
  }

  @Test
  void whoWasRefusedToTheEndIsToldApartFromWhoFailed() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(json(429, SHED))) {
      bench("--url", endpoint.url(), "--rate", "50", "--duration", "100ms", "--classes", "flex=1");

      assertThat(out.toString())
          .contains("5 HTTP 429 queue_delay")
          .containsPattern("flex +5 +0 +5 +0 +0.00")
          .containsPattern("flex +5 .*HTTP 429 queue_delay");
    }
  }

  @Test
  void aMixThatCannotBeSentIsRefused() {
    String url = "http://127.0.0.1:1";
    assertThat(bench("--url", url, "--tenants", "a=1")).isEqualTo(2);
    assertThat(err.toString()).contains("--tenants: there is no key of 'a'").contains("--key-file");
    assertThat(bench("--url", url, "--classes", "gold=1")).isEqualTo(2);
    assertThat(err.toString()).contains("--classes: there is no class 'gold'");
    assertThat(bench("--url", url, "--tenants", "a=1", "--tenant-key", "sk-1")).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("sk-1: ").contains("--tenant-key: needs a tenant");
    assertThat(bench("--url", url, "--clients", "1", "--burst", "1s,2,1s")).isEqualTo(2);
    assertThat(err.toString()).contains("--burst goes with --rate");
    assertThat(bench("--url", url, "--burst", "1s,2")).isEqualTo(2);
    assertThat(err.toString()).contains("--burst: needs calm, factor and length");
  }
}
