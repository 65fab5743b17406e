package io.weir.dispatcher;

import io.weir.schemas.EngineSample;
import java.time.Duration;
import java.util.Optional;

/** What one engine last said about itself. Guarded by its pool's lock. */
final class EngineTelemetry {
  /** An older sample says nothing about now, however well the difference is kept. */
  private static final long STALE_NANOS = Duration.ofSeconds(30).toNanos();

  private Optional<EngineSample> last = Optional.empty();
  private long at;

  /** What is to be made of a sample. */
  enum Verdict {
    /** A former owner's, or an older one. */
    VOID,
    /** Newer than the last one. */
    NEWER,
    /** Newer, and the engine has begun anew in between: its counters are back. */
    RESTARTED
  }

  /** Takes a sample in at a time on the monotonic clock. */
  Verdict accept(EngineSample sample, long nanos) {
    if (last.isPresent() && !newer(last.get(), sample)) {
      return Verdict.VOID;
    }
    boolean restarted = last.isPresent() && fell(last.get(), sample);
    last = Optional.of(sample);
    at = nanos;
    return restarted ? Verdict.RESTARTED : Verdict.NEWER;
  }

  /** Requests running and waiting there; empty if it did not say, or too long ago. */
  Optional<Integer> requests(long nanos) {
    return fresh(nanos)
        .flatMap(
            sample -> sample.getRunning().map(running -> running + sample.getWaiting().orElse(0)));
  }

  /** Its own measure of the milliseconds per output token. */
  Optional<Double> tpotMillis(long nanos) {
    return fresh(nanos).flatMap(EngineSample::getTpotMillis);
  }

  /** True if it is known not to be up. */
  boolean isDown(long nanos) {
    return fresh(nanos).filter(sample -> !sample.getUp()).isPresent();
  }

  private Optional<EngineSample> fresh(long nanos) {
    return nanos - at > STALE_NANOS ? Optional.empty() : last;
  }

  private static boolean newer(EngineSample before, EngineSample sample) {
    return sample.getOwnerEpoch() > before.getOwnerEpoch()
        || (sample.getOwnerEpoch() == before.getOwnerEpoch()
            && sample.getSequence() > before.getSequence());
  }

  private static boolean fell(EngineSample before, EngineSample sample) {
    return less(sample.getPromptTokens(), before.getPromptTokens())
        || less(sample.getGenerationTokens(), before.getGenerationTokens());
  }

  private static boolean less(Optional<Long> now, Optional<Long> before) {
    return now.isPresent() && before.isPresent() && now.get() < before.get();
  }
}
