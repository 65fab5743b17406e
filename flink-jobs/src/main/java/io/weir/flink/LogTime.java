package io.weir.flink;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Event time of a topic whose records are stamped by the broker. A partition's stamps only grow, so
 * a short bound is enough; and while a partition has nothing, its time goes on with this process's
 * monotonic clock, so that demand that stops is seen to stop. A partition that never had a record
 * is idle and holds nobody up.
 */
record LogTime(Duration bound, Duration quiet) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A partition is held to be quiet after this long without a record. */
  static final Duration QUIET = Duration.ofMillis(500);

  /**
   * Watermarks for one topic.
   *
   * @param bound how much earlier than the newest stamp of a partition another may be
   */
  static <T> WatermarkGeneratorSupplier<T> watermarks(Duration bound) {
    LogTime time = new LogTime(bound, QUIET);
    return context -> time.generator(context.getInputActivityClock());
  }

  <T> WatermarkGenerator<T> generator(RelativeClock clock) {
    return new Generator<>(bound.toMillis(), quiet.toMillis(), clock);
  }

  private static final class Generator<T> implements WatermarkGenerator<T> {
    private final long bound;
    private final long quiet;
    private final RelativeClock clock;
    private long newest = Long.MIN_VALUE;
    private long arrived;

    Generator(long bound, long quiet, RelativeClock clock) {
      this.bound = bound;
      this.quiet = quiet;
      this.clock = clock;
    }

    @Override
    public void onEvent(T event, long timestamp, WatermarkOutput output) {
      newest = Math.max(newest, timestamp);
      arrived = clock.relativeTimeMillis();
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      if (newest == Long.MIN_VALUE) {
        output.markIdle();
        return;
      }
      long since = clock.relativeTimeMillis() - arrived;
      output.emitWatermark(new Watermark(newest + Math.max(0, since - quiet) - bound - 1));
    }
  }
}
