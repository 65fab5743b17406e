package io.weir.routing.engine;

import io.weir.schemas.CalibrationState;
import io.weir.schemas.EngineSample;
import java.util.Optional;

/**
 * Learns from telemetry how fast an engine really is.
 *
 * <p>In closed form ({@link SteadyState}) the inverse of the time per output token is linear in the
 * load: {@code alpha/TPOT = 1 − rho}. With rho computed from the tokens the engine reports and the
 * profile's costs, {@code y = alpha/TPOT} against {@code x = rho} is a line {@code y = A − B·x}: A
 * is the engine's speed without load and A/B its capacity, both as parts of the profile's. An
 * engine that does everything f times slower has A = 1/f and B = 1.
 *
 * <p>The line is fitted by least squares over exponentially forgotten samples, with Huber's weights
 * (Huber 1964) against outliers. Load is measured with noise, which would draw the slope to 0 where
 * the load hardly varies: so both are smoothed over a few samples, which leaves the line what it
 * is, and the slope is shrunk towards 1 (ridge regression), to be learnt only from loads that
 * really differ. The line in force goes the policy's gain of the way to the fit with each sample,
 * which is stable although the load follows the calibration with delay. A slow-down cannot wait for
 * that: a few samples in a row that are far below the line in force replace it at once. The way
 * back up is the slow one.
 *
 * <p>Pure; state goes in and out.
 */
public final class EngineCalibrator {
  /** Distance, in mean absolute residuals, from which Huber's weight falls below 1. */
  private static final double OUTLIER = 2;

  private static final double LEAST_SCALE = 0.02;
  private static final double SCALE_GAIN = 0.1;

  /**
   * Residuals beyond, in units of the scale, are cut off in it, lest outliers excuse themselves.
   */
  private static final double MOST_RESIDUAL = 4;

  private static final double RECENT_GAIN = 0.5;
  private static final double SMOOTHING = 0.3;

  /**
   * Variance of the load at which the slope is half its own and half 1; noise has a tenth of it.
   */
  private static final double RIDGE = 0.05;

  private static final double STEEPEST = 3;

  /**
   * A fit to as many samples has half its effect: an engine that fills up is not in steady state.
   */
  private static final double FEW_SAMPLES = 10;

  private static final double SLOWEST = 0.02;
  private static final double FASTEST = 4;

  private final CalibrationPolicy policy;

  public EngineCalibrator(CalibrationPolicy policy) {
    this.policy = policy;
  }

  /** An engine that is as fast as its profile, as far as is known. */
  public static CalibrationState initial() {
    return CalibrationState.newBuilder()
        .setLoad(0)
        .setInverse(0)
        .setWeight(0)
        .setSumX(0)
        .setSumY(0)
        .setSumXx(0)
        .setSumXy(0)
        .setScale(LEAST_SCALE)
        .setSpeed(1)
        .setCapacity(1)
        .setRecent(1)
        .setSlowSamples(0)
        .setSamples(0)
        .build();
  }

  /**
   * Learns from the engine's next sample. Samples that are not newer than the last are ignored.
   *
   * @param profile what the engine is held against; the same for all its samples
   */
  public CalibrationState observe(
      CalibrationState state, EngineSample sample, EngineProfile profile) {
    Optional<EngineSample> last = state.getLast();
    if (last.isPresent() && !last.get().getAt().isBefore(sample.getAt())) {
      return state;
    }
    CalibrationState seen = copy(state).setLast(sample).build();
    return last.flatMap(before -> EngineObservation.between(before, sample))
        .map(observation -> learn(seen, observation, profile, seconds(last.get(), sample)))
        .orElse(seen);
  }

  /**
   * How far the plan may count on the engine's profile, 0 to 1: what it was trusted at first, and
   * more with every sample learnt from.
   */
  public double confidence(double initialConfidence, CalibrationState state) {
    double learnt = state.getSamples() / (double) (state.getSamples() + policy.trustSamples());
    return initialConfidence + (1 - initialConfidence) * learnt;
  }

  private CalibrationState learn(
      CalibrationState state, EngineObservation seen, EngineProfile profile, double seconds) {
    SteadyState closed = SteadyState.of(profile, seen.shape());
    double x =
        1e-3 * (closed.gamma() * seen.prefillPerSecond() + closed.beta() * seen.outputPerSecond());
    double y = closed.alpha() / seen.tpotMillis();
    double speed = Math.clamp(y + slope(state) * x, SLOWEST, FASTEST);
    boolean slow = speed < policy.slowRatio() * state.getSpeed();
    double recent =
        slow && state.getSlowSamples() == 0
            ? speed
            : state.getRecent() + RECENT_GAIN * (speed - state.getRecent());
    CalibrationState.Builder next =
        copy(state)
            .setRecent(recent)
            .setSlowSamples(slow ? state.getSlowSamples() + 1 : 0)
            .setSamples(state.getSamples() + 1);
    if (slow && state.getSlowSamples() + 1 >= policy.slowSamples()) {
      return slowedDown(next.setLoad(x).setInverse(y), state, recent);
    }
    double smoothing = state.getSamples() == 0 ? 1 : SMOOTHING;
    next.setLoad(state.getLoad() + smoothing * (x - state.getLoad()))
        .setInverse(state.getInverse() + smoothing * (y - state.getInverse()));
    return fitted(next, state, next.getLoad(), next.getInverse(), seconds);
  }

  /** What was learnt before the slow-down is no longer true. */
  private static CalibrationState slowedDown(
      CalibrationState.Builder next, CalibrationState state, double speed) {
    double capacity = state.getCapacity() * speed / state.getSpeed();
    return next.setWeight(0)
        .setSumX(0)
        .setSumY(0)
        .setSumXx(0)
        .setSumXy(0)
        .setScale(LEAST_SCALE)
        .setSpeed(speed)
        .setCapacity(Math.clamp(capacity, SLOWEST, FASTEST))
        .setSlowSamples(0)
        .build();
  }

  private CalibrationState fitted(
      CalibrationState.Builder next, CalibrationState state, double x, double y, double seconds) {
    double residual = Math.abs(y - (state.getSpeed() - slope(state) * x));
    double scale =
        Math.max(
            LEAST_SCALE,
            state.getScale()
                + SCALE_GAIN
                    * (Math.min(residual, MOST_RESIDUAL * state.getScale()) - state.getScale()));
    double weight = residual > OUTLIER * scale ? OUTLIER * scale / residual : 1;
    double keep = Math.exp(-Math.log(2) * seconds * 1e3 / policy.halfLife().toMillis());
    next.setScale(scale)
        .setWeight(keep * state.getWeight() + weight)
        .setSumX(keep * state.getSumX() + weight * x)
        .setSumY(keep * state.getSumY() + weight * y)
        .setSumXx(keep * state.getSumXx() + weight * x * x)
        .setSumXy(keep * state.getSumXy() + weight * x * y);
    Line fit = Line.fit(next);
    double step = policy.step() * next.getSamples() / (next.getSamples() + FEW_SAMPLES);
    double speed = state.getSpeed() + step * (fit.speed() - state.getSpeed());
    double capacity =
        state.getCapacity() + step * (fit.speed() / fit.slope() - state.getCapacity());
    return next.setSpeed(Math.clamp(speed, SLOWEST, FASTEST))
        .setCapacity(Math.clamp(capacity, SLOWEST, FASTEST))
        .build();
  }

  /** Avro's own copy of a builder would look up the classes of nested records by name. */
  private static CalibrationState.Builder copy(CalibrationState state) {
    return CalibrationState.newBuilder()
        .setLast(state.getLast().orElse(null))
        .setLoad(state.getLoad())
        .setInverse(state.getInverse())
        .setWeight(state.getWeight())
        .setSumX(state.getSumX())
        .setSumY(state.getSumY())
        .setSumXx(state.getSumXx())
        .setSumXy(state.getSumXy())
        .setScale(state.getScale())
        .setSpeed(state.getSpeed())
        .setCapacity(state.getCapacity())
        .setRecent(state.getRecent())
        .setSlowSamples(state.getSlowSamples())
        .setSamples(state.getSamples());
  }

  private static double slope(CalibrationState state) {
    return state.getSpeed() / state.getCapacity();
  }

  private static double seconds(EngineSample before, EngineSample after) {
    return (after.getAt().toEpochMilli() - before.getAt().toEpochMilli()) / 1e3;
  }

  /** y = speed − slope·x. */
  private record Line(double speed, double slope) {
    static Line fit(CalibrationState.Builder sums) {
      double n = sums.getWeight();
      double x = sums.getSumX() / n;
      double y = sums.getSumY() / n;
      double variance = sums.getSumXx() / n - x * x;
      double covariance = sums.getSumXy() / n - x * y;
      double slope = Math.clamp((RIDGE - covariance) / (RIDGE + variance), 1 / STEEPEST, STEEPEST);
      return new Line(Math.max(SLOWEST, y + slope * x), slope);
    }
  }
}
