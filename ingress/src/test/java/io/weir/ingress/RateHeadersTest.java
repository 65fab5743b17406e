package io.weir.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateHeadersTest {
  @Test
  void timesAreWrittenAsOpenAiWritesThem() {
    assertThat(RateHeaders.time(Duration.ZERO)).isEqualTo("0ms");
    assertThat(RateHeaders.time(Duration.ofMillis(120))).isEqualTo("120ms");
    assertThat(RateHeaders.time(Duration.ofSeconds(1))).isEqualTo("1s");
    assertThat(RateHeaders.time(Duration.ofMillis(8_640))).isEqualTo("8.640s");
    assertThat(RateHeaders.time(Duration.ofMinutes(6))).isEqualTo("6m0s");
  }
}
