package io.weir.launcher.process;

import static io.weir.launcher.process.OverloadSystem.CAPACITY;
import static io.weir.launcher.process.OverloadSystem.measured;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.launcher.process.ServiceLog.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Too much load, for seconds; examples/overload/run.sh does the same for minutes. What is asserted
 * is generous, since suites run on busy machines; what was measured is printed.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OverloadTest {
  private static final String[] MIX = {
    "--classes", "priority=5,standard=55,flex=30,batch=10", "--api-key", "overload-a"
  };

  /** Priority's time to first token, and how long it may wait before those below are taken down. */
  private static final double TARGET_MILLIS = 2_000;

  private static final long BOUND_MILLIS = 1_000;

  /** What of the tokens those below get while priority waits. */
  private static final double FLOOR = 0.05;

  private static final double REFUSAL_MILLIS = 1_000;

  @TempDir private static Path folder;
  private static OverloadSystem system;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    system = OverloadSystem.start(folder);
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  @Order(1)
  void priorityIsServedAndTheRestIsToldWhenToComeAgain() throws IOException {
    int times = 10;
    double before = system.resident();
    long began = System.currentTimeMillis();

    // When
    JsonNode result = system.bench(times * CAPACITY, "15s", MIX);

    // Then priority has its first tokens in time
    JsonNode priority = result.at("/classes/priority");
    measured(times + "x: priority TTFT p99 ms", priority.at("/ttft_ms/p99"));
    measured(times + "x: priority answered of sent", ratio(priority, "answered"));
    for (String each : List.of("standard", "flex", "batch")) {
      measured(
          times + "x: " + each + " answered", ratio(result.at("/classes/" + each), "answered"));
    }
    measured(times + "x: failures", result.get("failures"));
    assertThat(priority.at("/ttft_ms/p90").asDouble()).isLessThan(TARGET_MILLIS);
    assertThat(priority.at("/ttft_ms/p99").asDouble()).isLessThan(3 * TARGET_MILLIS);
    assertThat(ratio(priority, "answered")).isGreaterThan(0.9);

    // And whoever is not served is told so, at once and with the reason
    assertThat(result.get("refused").asInt()).isPositive();
    result
        .get("failures")
        .properties()
        .forEach(
            failure ->
                assertThat(failure.getKey())
                    .matches("(HTTP (429|503|504)|error in the stream:) [a-z_]+"));
    result.get("refusals").properties().forEach(told -> measured(times + "x: refused", told));
    assertThat(refused(result, "HTTP 429").orElseThrow().get("p99").asDouble())
        .isLessThan(REFUSAL_MILLIS);

    // And those below are not served while it waits, but for the floor
    List<Wait> served = system.log().servedSince(began);
    List<Wait> passed = system.log().servedBefore(served, BOUND_MILLIS);
    measured(times + "x: served while priority waited beyond the bound", passed.size());
    assertThat(passed.size()).isLessThanOrEqualTo((int) (FLOOR * served.size()) + 2);

    // And nothing is kept of it
    measured(times + "x: MB before and after", before + " " + system.resident());
    assertThat(system.resident()).isLessThan(before + 150);
  }

  @Test
  @Order(2)
  void tenSecondsLaterItIsItselfAgain() throws IOException {
    // When, right after ten times the capacity
    system.bench(10 * CAPACITY, "5s", MIX);
    String[] calm = Arrays.copyOf(MIX, MIX.length + 2);
    calm[MIX.length] = "--warmup";
    calm[MIX.length + 1] = "10s";
    JsonNode result = system.bench(CAPACITY / 2, "6s", calm);

    // Then
    measured(
        "recovery: failures, TTFT p99 ms",
        result.get("failures") + " " + result.at("/ttft_ms/p99"));
    assertThat(result.get("failed").asInt()).isZero();
    assertThat(result.at("/ttft_ms/p99").asDouble()).isLessThan(TARGET_MILLIS);
  }

  /** In virtual time it is in every run of the suite; here it takes more than a minute. */
  @Test
  @Order(3)
  @EnabledIfSystemProperty(
      named = "weir.overload",
      matches = "long",
      disabledReason = "it takes long; -Dweir.overload=long runs it")
  void whoComesAgainWhenToldToIsServed() throws IOException {
    // When there is a burst of 1.3 times the capacity
    JsonNode result =
        system.bench(
            0.7 * CAPACITY,
            "25s",
            "--burst",
            "5s,1.857,20s",
            "--retry-after",
            "--api-key",
            "overload-a");

    // Then four in five of those that were refused are served at their second try
    measured("bursts: tries", result.get("tries"));
    measured("bursts: failures", result.get("failures"));
    JsonNode second = result.at("/tries/1");
    if (second.path("sent").asInt() >= 10) {
      assertThat(ratio(second, "answered")).isGreaterThanOrEqualTo(0.7);
    }
    assertThat(ratio(result, "answered")).isGreaterThan(0.95);
  }

  @Test
  @Order(4)
  void oneTenantsFloodIsItsOwn() throws IOException {
    // When one of three sends twenty times its share, and the others send theirs
    JsonNode result =
        system.bench(
            22 * CAPACITY / 3,
            "20s",
            "--tenants",
            "a=20,b=1,c=1",
            "--key-file",
            Examples.file("overload/keys").toString());

    // Then those get nine tenths of a third of what is served, or of what they asked for
    double fair = tokens(result, "answered") / 3;
    for (String tenant : List.of("a", "b", "c")) {
      JsonNode one = result.at("/tenants/" + tenant);
      double asked = Math.min(fair, tokens(one, "sent"));
      measured(
          "flood: " + tenant + " got of its fair tokens, of the requests sent",
          tokens(one, "answered") / asked + " " + ratio(one, "answered"));
      measured("flood: " + tenant + " failures", one.get("failures"));
      assertThat(tokens(one, "answered") / asked).as(tenant).isGreaterThan(0.75);
    }
  }

  /** All requests are of one length. */
  private static double tokens(JsonNode of, String part) {
    return of.get(part).asDouble() * (768 + 64);
  }

  private static double ratio(JsonNode of, String part) {
    return of.get(part).asDouble() / of.get("sent").asDouble();
  }

  private static Optional<JsonNode> refused(JsonNode result, String status) {
    return result.get("refusals").properties().stream()
        .filter(refusal -> refusal.getKey().startsWith(status))
        .map(Map.Entry::getValue)
        .max(Comparator.comparingDouble(times -> times.get("p99").asDouble()));
  }
}
