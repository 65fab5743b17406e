package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.dispatcher.EngineTelemetry.Verdict;
import io.weir.schemas.EngineSample;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EngineTelemetryTest {
  private final EngineTelemetry telemetry = new EngineTelemetry();

  @Test
  void aFormerOwnersSampleIsVoid() {
    assertThat(telemetry.accept(sample(2, 0).setRunning(1).build(), 0)).isEqualTo(Verdict.NEWER);
    assertThat(telemetry.accept(sample(1, 9).setRunning(2).build(), 0)).isEqualTo(Verdict.VOID);
    assertThat(telemetry.accept(sample(2, 0).setRunning(2).build(), 0)).isEqualTo(Verdict.VOID);
    assertThat(telemetry.requests(0)).contains(1);
    assertThat(telemetry.accept(sample(3, 0).setRunning(4).setWaiting(3).build(), 0))
        .isEqualTo(Verdict.NEWER);
    assertThat(telemetry.requests(0)).contains(7);
  }

  @Test
  void countersThatFallTellOfARestart() {
    telemetry.accept(sample(1, 0).setGenerationTokens(100L).build(), 0);
    assertThat(telemetry.accept(sample(1, 1).setGenerationTokens(100L).build(), 0))
        .isEqualTo(Verdict.NEWER);
    assertThat(telemetry.accept(sample(1, 2).setGenerationTokens(99L).build(), 0))
        .isEqualTo(Verdict.RESTARTED);
  }

  @Test
  void anOldSampleTellsNothing() {
    telemetry.accept(sample(1, 0).setRunning(5).setUp(false).setTpotMillis(9.0).build(), 0);
    long late = Duration.ofSeconds(31).toNanos();
    assertThat(telemetry.isDown(0)).isTrue();
    assertThat(telemetry.tpotMillis(0)).contains(9.0);
    assertThat(telemetry.requests(late)).isEmpty();
    assertThat(telemetry.tpotMillis(late)).isEmpty();
    assertThat(telemetry.isDown(late)).isFalse();
  }

  private static EngineSample.Builder sample(long ownerEpoch, long sequence) {
    return EngineSample.newBuilder()
        .setEngine("e")
        .setOwner("controller")
        .setOwnerEpoch(ownerEpoch)
        .setSequence(sequence)
        .setAt(Instant.EPOCH)
        .setUp(true);
  }
}
