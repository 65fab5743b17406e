package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Percentage;
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
