package io.weir.routing.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.MetricsDialect;
import org.junit.jupiter.api.Test;

class IntervalMeansTest {
  @Test
  void onlyWhatCameInBetweenCounts() {
    // When
    IntervalMeans means = IntervalMeans.between(reading(20, 1000), reading(23, 1100));

    // Then
    assertThat(means.tpotMillis()).hasValue(30);
    assertThat(means.ttftMillis()).isEmpty();
  }

  @Test
  void nothingFinishedMeansNothingKnown() {
    assertThat(IntervalMeans.between(reading(20, 1000), reading(20, 1000)))
        .isEqualTo(IntervalMeans.UNKNOWN);
    assertThat(IntervalMeans.between(EngineReading.SILENT, reading(20, 1000)))
        .isEqualTo(IntervalMeans.UNKNOWN);
  }

  @Test
  void afterARestartEverythingIsNew() {
    assertThat(IntervalMeans.between(reading(20, 1000), reading(0.5, 10)).tpotMillis())
        .hasValue(50);
    assertThat(IntervalMeans.between(reading(20, 5), reading(0.5, 10)).tpotMillis()).hasValue(50);
    assertThat(IntervalMeans.between(reading(20, 1000), reading(0, 0)).tpotMillis()).isEmpty();
  }

  private static EngineReading reading(double seconds, long count) {
    String page =
        "vllm:inter_token_latency_seconds_sum %s\nvllm:inter_token_latency_seconds_count %d\n"
            .formatted(seconds, count);
    return EngineMetrics.read(MetricsDialect.VLLM, Exposition.parse(page)).orElseThrow().reading();
  }
}
