package io.weir.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class LogTimeTest {
  private final ManualClock clock = new ManualClock();
  private final Recorder output = new Recorder();
  private final WatermarkGenerator<String> time =
      new LogTime(Duration.ofMillis(250), Duration.ofMillis(500)).generator(clock);

  private static final class Recorder implements WatermarkOutput {
    private final List<Long> watermarks = new ArrayList<>();
    private boolean idle;

    @Override
    public void emitWatermark(Watermark watermark) {
      watermarks.add(watermark.getTimestamp());
      idle = false;
    }

    @Override
    public void markIdle() {
      idle = true;
    }

    @Override
    public void markActive() {
      idle = false;
    }
  }

  @Test
  void aPartitionThatNeverHadARecordHoldsNobodyUp() {
    // When
    time.onPeriodicEmit(output);
    // Then
    assertThat(output.idle).isTrue();
    assertThat(output.watermarks).isEmpty();
  }

  @Test
  void timeStaysBehindTheNewestStampByTheBound() {
    // When
    time.onEvent("a", 10_000, output);
    time.onEvent("b", 9_900, output);
    time.onPeriodicEmit(output);
    // Then
    assertThat(output.watermarks).containsExactly(9_749L);
    assertThat(output.idle).isFalse();
  }

  @Test
  void timeGoesOnWhileAPartitionIsQuiet() {
    // Given
    time.onEvent("a", 10_000, output);
    // When
    clock.advanceTime(Duration.ofMillis(400));
    time.onPeriodicEmit(output);
    clock.advanceTime(Duration.ofMillis(3_100));
    time.onPeriodicEmit(output);
    // Then it is not known to be quiet at first, and later as far behind as that takes to know
    assertThat(output.watermarks).containsExactly(9_749L, 12_749L);
  }

  @Test
  void aRecordAfterAQuietTimeIsNotLate() {
    // Given
    time.onEvent("a", 10_000, output);
    clock.advanceTime(Duration.ofSeconds(60));
    time.onPeriodicEmit(output);
    // When it was stamped when it came
    long stamp = 70_000;
    // Then
    assertThat(output.watermarks.getLast()).isLessThan(stamp);
  }
}
