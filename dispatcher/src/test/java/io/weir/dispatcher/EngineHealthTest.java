package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.dispatcher.EngineHealth.Sight;
import io.weir.routing.config.Configs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineHealthTest {
  /** A: answered, F: failed, R: refused; + in, - out. */
  @ParameterizedTest
  @CsvSource({
    "A, +",
    "F, -",
    "FA, --",
    "FAA, --+",
    "AFA, +++",
    "AFF, ++-",
    "AFAFAFF, ++++++-",
    "AR, +-",
    "ARA, +--",
    "ARAA, +--+",
    "ARAFAA, +----+",
    "ARFFFAA, +-----+"
  })
  void goesInAndOut(String sights, String states) {
    EngineHealth health = new EngineHealth(Configs.defaults(HealthConfig.class));
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < sights.length(); i++) {
      boolean in =
          health.saw(
              switch (sights.charAt(i)) {
                case 'A' -> Sight.ANSWERED;
                case 'F' -> Sight.FAILED;
                default -> Sight.REFUSED;
              });
      seen.append(in ? '+' : '-');
    }
    assertThat(seen.toString()).isEqualTo(states);
  }
}
