package io.weir.routing.engine;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.io.Serializable;
import java.time.Duration;

/**
 * How fast an engine's speed is learnt.
 *
 * @param gain part of the way to what was measured that one sample moves, where telemetry comes as
 *     often as weights do; a quarter is stable with one interval of delay
 * @param delay how many intervals lie between a change of weights and its effect in telemetry; the
 *     gain is divided by it
 * @param halfLife after which a sample counts half
 * @param slowRatio a speed below this part of the one in force is a slow-down
 * @param slowSamples as many such samples in a row are taken at their word at once
 * @param trustSamples after how many samples a profile that was only a guess has half of the
 *     confidence it lacked
 */
public record CalibrationPolicy(
    @Default("0.25") double gain,
    @Default("1") int delay,
    @Default("30s") Duration halfLife,
    @Default("0.7") double slowRatio,
    @Default("3") int slowSamples,
    @Default("30") int trustSamples)
    implements Serializable {
  public CalibrationPolicy {
    within("gain", gain, 0.01, 1);
    within("delay", delay, 1, 100);
    within("slow-ratio", slowRatio, 0.1, 0.95);
    within("slow-samples", slowSamples, 1, 100);
    within("trust-samples", trustSamples, 1, 10_000);
    if (!halfLife.isPositive()) {
      throw new ConfigException(
          "half-life", "must be longer than 0, is " + halfLife.toMillis() + "ms");
    }
    if (gain / delay > mostGain(delay) / 2) {
      throw new ConfigException(
          "gain", "with this delay a gain above " + delay * mostGain(delay) / 2 + " would swing");
    }
  }

  /** The part of the way one sample moves. */
  double step() {
    return gain / delay;
  }

  /** An integrator that sees its effect d steps late is stable below 2·sin(π / (2·(2d + 1))). */
  private static double mostGain(int delay) {
    return 2 * Math.sin(Math.PI / (2 * (2 * delay + 1)));
  }

  private static void within(String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new ConfigException(key, "must be from " + low + " to " + high + ", is " + value);
    }
  }
}
