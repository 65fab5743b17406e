package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the closed form and the iteration model against each other under Poisson arrivals. */
class SteadyStateTest {
  private static final int PROMPT = 1000;
  private static final int OUTPUT = 200;

  @ParameterizedTest
  @CsvSource({
    "h100-llama-3-8b, 0.1, 5",
    "h100-llama-3-8b, 0.5, 5",
    "h100-llama-3-8b, 0.7, 5",
    "h100-llama-3-8b, 0.8, 5",
    "h100-tp8-llama-2-70b, 0.1, 5",
    "h100-tp8-llama-2-70b, 0.5, 5",
    "a100-llama-3-8b, 0.1, 5",
    "a100-llama-3-8b, 0.5, 5",
    "a100-tp2-llama-3-8b, 0.5, 5",
  })
  void closedFormMatchesTheIterations(String name, double rho, double percent) {
    // Given
    EngineProfile profile = EngineProfiles.named(name).orElseThrow();
    SteadyState closed = SteadyState.of(profile, PROMPT, OUTPUT);
    double rate = rho / closed.rho(1, PROMPT, OUTPUT);

    // When
    double simulated = meanTpotMillis(profile, rate, 6000);

    // Then
    assertThat(simulated).isCloseTo(closed.tpotMillis(rho), Percentage.withPercentage(percent));
  }

  @ParameterizedTest
  @CsvSource({
    "h100-llama-3-8b, 1000, 200",
    "h100-llama-3-8b, 300, 500",
    "a100-llama-3-8b, 300, 500",
    "h100-tp8-llama-2-70b, 300, 500",
  })
  void theQueueGrowsFromTheRateAtWhichBatchesAreFull(String name, int prompt, int output) {
    // Given
    EngineProfile profile = EngineProfiles.named(name).orElseThrow();
    RequestShape shape = RequestShape.uncached(prompt, output);
    double full = SteadyState.of(profile, shape).saturationPerSecond(profile, shape);

    // Then below it hardly anybody waits for a place, and above it ever more do
    assertThat(waitingAfter(profile, .9 * full, prompt, output)).isLessThan(60);
    assertThat(waitingAfter(profile, 1.15 * full, prompt, output)).isGreaterThan(200);
  }

  @Test
  void fewBlocksOfCacheBindBeforeSequencesDo() {
    // Given room for 20 requests of 1,100 tokens
    EngineProfile small =
        EngineProfiles.named("h100-llama-3-8b").orElseThrow().withCache(1375, 16, 0);
    RequestShape shape = RequestShape.uncached(PROMPT, OUTPUT);
    SteadyState closed = SteadyState.of(small, shape);

    // Then B / (o·alpha + B·a)
    assertThat(closed.saturationPerSecond(small, shape))
        .isCloseTo(
            1e3 * 20 / (OUTPUT * closed.alpha() + 20 * closed.workMillis(shape)),
            Percentage.withPercentage(.01));
  }

  @Test
  void whatIsCachedIsNoWorkButStillContext() {
    EngineProfile profile = EngineProfiles.named("h100-llama-3-8b").orElseThrow();
    RequestShape cold = RequestShape.uncached(PROMPT, OUTPUT);
    RequestShape warm = new RequestShape(PROMPT, 800, OUTPUT);

    assertThat(SteadyState.of(profile, warm).beta())
        .isEqualTo(SteadyState.of(profile, cold).beta());
    assertThat(SteadyState.of(profile, warm).workMillis(warm))
        .isLessThan(.6 * SteadyState.of(profile, cold).workMillis(cold));
  }

  private static int waitingAfter(EngineProfile profile, double rate, int prompt, int output) {
    Random random = new Random(7);
    EngineModel<Integer> engine = new EngineModel<>(profile);
    double arrival = 0;
    for (int i = 0; arrival < 300e9; i++) {
      arrival += -Math.log(1 - random.nextDouble()) / rate * 1e9;
      while (engine.iterationEnd() <= arrival) {
        engine.endIteration((request, tokens, last) -> {});
      }
      engine.submit((long) arrival, i, Work.unshared(prompt, output));
    }
    return engine.signals().waiting();
  }

  private static double meanTpotMillis(EngineProfile profile, double rate, int requests) {
    Random random = new Random(7);
    EngineModel<long[]> engine = new EngineModel<>(profile);
    double[] sum = {0, 0};
    double arrival = 0;
    for (int i = 0; i < requests; i++) {
      arrival += -Math.log(1 - random.nextDouble()) / rate * 1e9;
      while (engine.iterationEnd() <= arrival) {
        step(engine, i > requests / 10, sum);
      }
      engine.submit((long) arrival, new long[1], Work.unshared(PROMPT, OUTPUT));
    }
    return sum[0] / sum[1];
  }

  private static void step(EngineModel<long[]> engine, boolean warm, double[] sum) {
    long end = engine.iterationEnd();
    engine.endIteration(
        (first, tokens, last) -> {
          if (tokens == 1) {
            first[0] = end;
          } else if (last && warm) {
            sum[0] += (end - first[0]) * 1e-6 / (tokens - 1);
            sum[1]++;
          }
        });
  }
}
