package io.weir.routing.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.engine.EngineProfiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplayTest {
  private static final Objectives OBJECTIVES =
      new Objectives(Duration.ofSeconds(5), Duration.ofMillis(100));

  private static List<ReplayEngine> engines(int count, String region) {
    List<ReplayEngine> engines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      engines.add(
          new ReplayEngine(
              "engine-" + region + i,
              EngineProfiles.named("h100-llama-3-8b")
                  .orElseThrow()
                  .withCache(625, SyntheticTrace.BLOCK, 2000),
              region));
    }
    return engines;
  }

  private static ReplayScenario conversations(int requests, double perSecond) {
    return new ReplayScenario(
        engines(4, "here"),
        List.of(
            new ReplaySource("a", "here", 2, SyntheticTrace.conversations(requests, perSecond, 7))),
        RoundTrips.NONE,
        List.of(),
        ReplaySettings.defaults());
  }

  @Test
  void oneRequestTakesWhatTheEngineTakes() {
    // Given a single request: one prefill iteration, then nine of one token
    TraceRequest request = new TraceRequest(0, 1000, 10, new long[0]);
    ReplayScenario scenario =
        new ReplayScenario(
            engines(1, "far"),
            List.of(new ReplaySource("a", "here", 1, new Trace(List.of(request), 0))),
            (from, to) -> 30,
            List.of(),
            ReplaySettings.defaults());

    // When
    ReplayResult result = Replay.run(scenario, ReplayPolicy.RANDOM, OBJECTIVES);

    // Then
    var cost = scenario.engines().getFirst().profile().cost();
    double decode = 0;
    for (int i = 1; i < 10; i++) {
      decode += cost.millis(1, 1000 + i, 0);
    }
    assertThat(result.ttft().p50()).isCloseTo(30 + cost.millis(1000, 0, 0), within(0.01));
    assertThat(result.e2e().p50()).isCloseTo(30 + cost.millis(1000, 0, 0) + decode, within(0.01));
    assertThat(result.tpot().p50()).isCloseTo(decode / 9, within(0.01));
    assertThat(result.roundTrip()).isEqualTo(30);
    assertThat(result.good()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(ReplayPolicy.class)
  void everyPolicyAnswersEverythingAndTheSameWayEachTime(ReplayPolicy policy) {
    ReplayScenario scenario = conversations(400, 12);
    ReplayResult result = Replay.run(scenario, policy, OBJECTIVES);
    assertThat(result.requests()).isEqualTo(400);
    assertThat(result.ttft().count()).isEqualTo(400);
    assertThat(result.shares().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(Replay.run(scenario, policy, OBJECTIVES)).isEqualTo(result);
  }

  @Test
  void anotherSeedDrawsOtherwise() {
    ReplayScenario scenario = conversations(200, 12);
    ReplaySettings other = new ReplaySettings(Duration.ofMillis(500), Duration.ofSeconds(2), 64, 2);
    assertThat(Replay.run(scenario.with(other), ReplayPolicy.RANDOM, OBJECTIVES).shares())
        .isNotEqualTo(Replay.run(scenario, ReplayPolicy.RANDOM, OBJECTIVES).shares());
  }

  @Test
  void whatFitsNoEngineIsTurnedAway() {
    TraceRequest tooLong = new TraceRequest(0, 200_000, 10, new long[0]);
    TraceRequest fits = new TraceRequest(1, 100, 10, new long[0]);
    ReplayScenario scenario =
        new ReplayScenario(
            engines(2, "here"),
            List.of(new ReplaySource("a", "here", 1, new Trace(List.of(tooLong, fits), 0))),
            RoundTrips.NONE,
            List.of(),
            ReplaySettings.defaults());
    ReplayResult result = Replay.run(scenario, ReplayPolicy.WEIR, OBJECTIVES);
    assertThat(result.rejected()).isEqualTo(1);
    assertThat(result.requests()).isEqualTo(1);
  }

  @Test
  void aSecretlySlowEngineIsGivenLess() {
    // Given one of four engines three times slower, which nobody was told
    ReplayScenario scenario = conversations(1500, 12).with(List.of(new Fault(0, 0, 3)));

    // When
    ReplayResult weir = Replay.run(scenario, ReplayPolicy.WEIR, OBJECTIVES);
    ReplayResult blind = Replay.run(scenario, ReplayPolicy.WEIGHTED, OBJECTIVES);

    // Then
    assertThat(weir.shares().getFirst()).isLessThan(0.15);
    assertThat(weir.ttft().p99()).isLessThan(blind.ttft().p99());
  }

  @Test
  void nearEnginesServeWhatTheyCanBeforeFarOnes() {
    // Given engines at two places and requests at one, far below capacity
    List<ReplayEngine> engines = new ArrayList<>(engines(2, "here"));
    engines.addAll(engines(2, "there"));
    ReplayScenario scenario =
        new ReplayScenario(
            engines,
            List.of(new ReplaySource("a", "here", 2, SyntheticTrace.conversations(800, 4, 3))),
            (from, to) -> from.equals(to) ? 0 : 150,
            List.of(),
            ReplaySettings.defaults());

    // When
    ReplayResult weir = Replay.run(scenario, ReplayPolicy.WEIR, OBJECTIVES);
    ReplayResult random = Replay.run(scenario, ReplayPolicy.RANDOM, OBJECTIVES);

    // Then
    assertThat(random.roundTrip()).isCloseTo(75, within(15.0));
    assertThat(weir.roundTrip()).isLessThan(25);
  }

  @Test
  void twoSourcesPlanTogether() {
    Trace trace = SyntheticTrace.conversations(400, 8, 5);
    List<ReplayEngine> engines = new ArrayList<>(engines(2, "a"));
    engines.addAll(engines(2, "b"));
    ReplayScenario scenario =
        new ReplayScenario(
            engines,
            List.of(
                new ReplaySource("one", "a", 2, trace),
                new ReplaySource("two", "b", 2, trace.shifted(10_000_000_000L))),
            (from, to) -> from.equals(to) ? 0 : 80,
            List.of(),
            ReplaySettings.defaults());
    ReplayResult result = Replay.run(scenario, ReplayPolicy.WEIR, OBJECTIVES);
    assertThat(result.requests()).isEqualTo(800);
    assertThat(result.totalVariation()).isBetween(0.0, 1.0);
  }

  @Test
  void quantilesAreExact() {
    long[] nanos = new long[1000];
    Arrays.setAll(nanos, i -> (1000 - i) * 1_000_000L);
    Quantiles quantiles = Quantiles.ofNanos(nanos);
    assertThat(quantiles.p50()).isEqualTo(500);
    assertThat(quantiles.p99()).isEqualTo(990);
    assertThat(quantiles.p999()).isEqualTo(999);
    assertThat(quantiles.max()).isEqualTo(1000);
    assertThat(quantiles.mean()).isEqualTo(500.5);
  }
}
