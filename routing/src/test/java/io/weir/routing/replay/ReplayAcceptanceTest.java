package io.weir.routing.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the replays of recorded traces are held to, on a few thousand made-up requests. Runs are
 * deterministic, so this fails only when the code changes.
 */
class ReplayAcceptanceTest {
  private static final Objectives OBJECTIVES =
      new Objectives(Duration.ofSeconds(5), Duration.ofMillis(100));

  private static final int REQUESTS = 3000;

  /** Three requests: where nearly all are good, who has the very most is chance. */
  private static final double FEW = 0.001;

  private static ReplayScenario mixedFleet() {
    List<ReplayEngine> engines = new ArrayList<>();
    for (String name : List.of("a100-llama-3-8b", "h100-llama-3-8b")) {
      EngineProfile profile =
          EngineProfiles.named(name).orElseThrow().withCache(625, SyntheticTrace.BLOCK, 4000);
      for (int i = 0; i < 3; i++) {
        engines.add(new ReplayEngine(name + "-" + i, profile, "here"));
      }
    }
    return new ReplayScenario(
        engines,
        List.of(new ReplaySource("a", "here", 4, SyntheticTrace.conversations(REQUESTS, 26, 1))),
        RoundTrips.NONE,
        List.of(),
        ReplaySettings.defaults());
  }

  private static ReplayResult weir(ReplayScenario scenario) {
    return Replay.run(scenario, ReplayPolicy.WEIR, OBJECTIVES);
  }

  @Test
  void isAsGoodAsTheBestOfEachFigure() {
    // Given every policy that sees no hidden state
    Map<ReplayPolicy, ReplayResult> results =
        Arrays.stream(ReplayPolicy.values())
            .filter(policy -> !policy.seesHiddenState())
            .map(policy -> Replay.run(mixedFleet(), policy, OBJECTIVES))
            .collect(Collectors.toMap(ReplayResult::policy, Function.identity()));
    ReplayResult weir = results.get(ReplayPolicy.WEIR);

    // Then
    assertThat(weir.ttft().p99())
        .isLessThanOrEqualTo(1.05 * least(results, result -> result.ttft().p99()));
    assertThat(weir.e2e().mean())
        .isLessThanOrEqualTo(1.05 * least(results, result -> result.e2e().mean()));
    assertThat(weir.good() + FEW).isGreaterThanOrEqualTo(-least(results, result -> -result.good()));
  }

  @Test
  void theAgeOfTelemetryHardlyMatters() {
    ReplayScenario scenario = mixedFleet();
    ReplaySettings settings = scenario.settings();
    double fresh =
        weir(scenario.with(settings.withTelemetryAge(Duration.ofMillis(100)))).e2e().mean();
    double old = weir(scenario.with(settings.withTelemetryAge(Duration.ofSeconds(5)))).e2e().mean();
    assertThat(old).isLessThanOrEqualTo(1.05 * fresh);
  }

  @Test
  void aGreyFailureIsFeltLittle() {
    // Given one engine that is twice as slow as everybody believes
    double healthy = weir(mixedFleet()).ttft().p99();
    double grey = weir(mixedFleet().with(List.of(new Fault(0, 0, 2)))).ttft().p99();
    assertThat(grey).isLessThanOrEqualTo(1.5 * healthy);
  }

  private static double least(
      Map<ReplayPolicy, ReplayResult> results, ToDoubleFunction<ReplayResult> figure) {
    return results.values().stream()
        .min(Comparator.comparingDouble(figure))
        .map(figure::applyAsDouble)
        .orElseThrow();
  }
}
