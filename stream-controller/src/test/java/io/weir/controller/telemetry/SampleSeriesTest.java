package io.weir.controller.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.telemetry.EngineMetrics;
import io.weir.routing.telemetry.Exposition;
import io.weir.schemas.EngineSample;
import io.weir.schemas.MetricsDialect;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleSeriesTest {
  private static final Sight LATE = new Sight.Late();
  private static final Sight SILENT = new Sight.Seen(Optional.empty());
  private final SampleSeries series = new SampleSeries("e", "c1", 42);

  @Test
  void samplesAreNumberedInTheirOwnersEpoch() {
    assertThat(next(SILENT).getSequence()).isZero();
    EngineSample second = next(new Sight.Lost("gone"));

    assertThat(second.getSequence()).isEqualTo(1);
    assertThat(second.getOwner()).isEqualTo("c1");
    assertThat(second.getOwnerEpoch()).isEqualTo(42);
  }

  @Test
  void whatIsLostIsDownAtOnce() {
    next(SILENT);

    EngineSample sample = next(new Sight.Lost("refuses connections"));

    assertThat(sample.getUp()).isFalse();
    assertThat(sample.getProblem()).contains("refuses connections");
  }

  @Test
  void whatIsLateIsDownTheSecondTime() {
    next(page(1, 1));

    assertThat(next(LATE).getUp()).isTrue();
    assertThat(next(LATE).getUp()).isFalse();
    assertThat(next(LATE).getUp()).isFalse();
    assertThat(next(SILENT).getUp()).isTrue();
    assertThat(next(LATE).getUp()).isTrue();
  }

  @Test
  void ofWhatWasNeverSeenALateAnswerSaysNothing() {
    assertThat(series.next(LATE, Instant.EPOCH)).isEmpty();
    assertThat(next(LATE).getUp()).isFalse();
  }

  @Test
  void latenciesAreThoseSinceTheSampleBefore() {
    assertThat(next(page(10, 100)).getTpotMillis()).isEmpty();
    assertThat(next(page(13, 200)).getTpotMillis()).contains(30.0);
    next(LATE);
    assertThat(next(page(13.5, 220)).getTpotMillis()).contains(25.0);
    assertThat(next(page(0.05, 10)).getTpotMillis()).contains(5.0);
    assertThat(next(page(0.05, 10)).getTpotMillis()).isEmpty();
  }

  private EngineSample next(Sight sight) {
    return series.next(sight, Instant.EPOCH).orElseThrow();
  }

  private static Sight page(double seconds, long tokens) {
    String text =
        "vllm:inter_token_latency_seconds_sum %s\nvllm:inter_token_latency_seconds_count %d\n"
            .formatted(seconds, tokens);
    return new Sight.Seen(EngineMetrics.read(MetricsDialect.VLLM, Exposition.parse(text)));
  }
}
