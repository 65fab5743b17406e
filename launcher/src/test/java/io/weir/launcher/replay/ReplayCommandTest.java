package io.weir.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.launcher.cli.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int run(String... arguments) {
    return new CommandLine(new ReplayCommand())
        .registerConverter(Duration.class, new Durations())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private Path trace(String name, String... lines) throws IOException {
    return Files.write(directory.resolve(name), java.util.List.of(lines));
  }

  @Test
  void printsALineForEachPolicy() {
    int exit = run("--requests", "200", "--policies", "random,weir,oracle");
    assertThat(exit).isZero();
    assertThat(out.toString())
        .contains("source-0 in local: 200 requests")
        .containsPattern("random +\\d")
        .containsPattern("weir +\\d")
        .containsPattern("oracle \\* +\\d");
    assertThat(err.toString()).contains("simulated requests a minute");
  }

  @Test
  void writesJsonAndAPlotOfARecordedTrace() throws IOException {
    // Given two turns of one conversation: 1,024 tokens of the second are cached by then
    Path file =
        trace(
            "turns.jsonl",
            "{\"timestamp\": 0, \"input_length\": 1100, \"output_length\": 10, \"hash_ids\": [1, 2, 3]}",
            "{\"timestamp\": 9000, \"input_length\": 2048, \"output_length\": 10, \"hash_ids\": [1, 2, 4, 5]}");
    Path svg = directory.resolve("plot.svg");

    // When
    int exit = run(file.toString(), "--policies", "weir", "--json", "-", "--svg", svg.toString());

    // Then
    assertThat(exit).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    JsonNode weir = json.path("policies").get(0);
    assertThat(weir.path("policy").asText()).isEqualTo("weir");
    assertThat(weir.path("requests").asInt()).isEqualTo(2);
    assertThat(weir.path("cache_hits").asDouble()).isEqualTo(1024.0 / 3148);
    assertThat(Files.readString(svg)).startsWith("<svg").contains("TTFT p99").contains(">weir<");
  }

  @Test
  void sourcesLieWhereTheyAreSaidToLie() throws IOException {
    Path file = trace("azure.csv", "2023-11-16 18:15:46.68,374,4", "2023-11-16 18:15:47.68,374,4");
    int exit =
        run(
            file.toString(),
            "--regions",
            "aws:us-east-1,aws:eu-west-1",
            "--engines",
            "1xh100-llama-3-8b@aws:us-east-1",
            "--shift",
            "1s",
            "--policies",
            "random");
    assertThat(exit).isZero();
    assertThat(out.toString()).contains("source-1 in aws:eu-west-1: 2 requests");
  }

  @Test
  void overloadIsTabledByLoadAndPolicy() {
    int exit = run("--requests", "300", "--load", "0.5,2", "--overload-policies", "push-fifo,weir");
    assertThat(exit).isZero();
    assertThat(out.toString())
        .contains("priority  10 % of the requests, worth 8.0 each within TTFT 2000 ms")
        .containsPattern("0.5 +push-fifo +\\d")
        .containsPattern("2.0 +weir +\\d");
  }

  @Test
  void overloadAsJson() throws IOException {
    int exit =
        run(
            "--requests",
            "300",
            "--load",
            "2",
            "--overload-policies",
            "weir",
            "--values",
            "1,1,1,1",
            "--json",
            "-");
    assertThat(exit).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    JsonNode weir = json.path("runs").get(0);
    assertThat(weir.path("policy").asText()).isEqualTo("weir");
    assertThat(weir.path("classes")).hasSize(4);
    assertThat(weir.path("tenants")).hasSize(10);
    double met = 0;
    for (JsonNode each : weir.path("classes")) {
      met += each.path("met").asDouble() * each.path("requests").asInt() / 300;
    }
    assertThat(weir.path("value").asDouble()).isCloseTo(met, within(1e-9));
  }

  @Test
  void overloadSetsItsOwnRate() {
    assertThat(run("--load", "2", "--rate", "5")).isNotZero();
    assertThat(run("--load", "0")).isNotZero();
    assertThat(run("--load", "2", "--overload-policies", "hope")).isNotZero();
    assertThat(err.toString())
        .contains("--load sets the rate: leave out --rate and --speed")
        .contains("--load takes positive numbers")
        .contains("no overload policy is named 'hope'; there are push-fifo");
  }

  @Test
  void saysWhatItDoesNotUnderstand() {
    assertThat(run("--policies", "psychic")).isEqualTo(2);
    assertThat(run("--engines", "8xabacus")).isNotZero();
    assertThat(run("/nowhere/trace.csv")).isNotZero();
    assertThat(err.toString())
        .contains("no policy is named 'psychic'; there are round-robin")
        .contains("no engine profile is named 'abacus'; there are a100-llama-3-8b")
        .contains("trace.csv cannot be read");
  }
}
