package io.weir.routing.plan;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.engine.CalibrationPolicy;
import java.io.Serializable;
import java.time.Duration;

/**
 * How weights are planned and published.
 *
 * @param tau weights spread over engines whose costs differ by less than about this; larger is
 *     steadier, smaller nearer to the optimum
 * @param interval how often weights are solved, and at most moved, but for failures and drains
 * @param heartbeat unchanged tables are published again after this long
 * @param step part of the way to the optimum that one publication moves, 0 to 1; all of it on
 *     failures and drains
 * @param maxIncrease most an engine's planned load may grow with one publication, as part of its
 *     capacity; not applied on failures, drains and overload
 * @param hysteresis weights stay while moving would save less than this part of the cost
 * @param busyHysteresis the same where an engine's load is above {@code busyLoad}
 * @param busyLoad engine load from which {@code busyHysteresis} applies
 * @param surgeLoad engine load from which weights always move
 * @param maxGap weights that are not certified to be within this part of the optimum are not
 *     published
 * @param exploration part of a fair share that every eligible engine gets, so that its speed stays
 *     known
 * @param rampTime how long a new or returned engine takes to its full share
 * @param rampFloor the part of its capacity it starts with
 * @param telemetryTimeout an engine whose last sample is older is silent
 * @param maxSilent if more than this part of the engines is silent at once, telemetry is at fault
 *     and not the engines
 * @param maxDown if more than this part of the engines looks down at once, none of them is excluded
 *     on telemetry's word alone
 * @param demandTimeout demand counted up to longer ago than this is named as stale
 * @param measuredRttTimeout a measured round trip older than this gives way to the configured one
 * @param unknownRtt round trip assumed between regions that nothing is known of
 * @param localRtt round trip assumed within a region
 * @param rttWeight round trips a request is charged for
 * @param dollarWeight seconds of delay that are worth a US dollar
 * @param bytesPerToken bytes of answer sent over the network per output token
 * @param burst standard deviations of demand that are planned for above its mean
 * @param shed price of not serving a request, by class
 * @param demand how demand is estimated
 * @param calibration how engines' speeds are learnt
 */
public record PlanPolicy(
    @Default("10ms") Duration tau,
    @Default("2s") Duration interval,
    @Default("10s") Duration heartbeat,
    @Default("0.5") double step,
    @Default("0.2") double maxIncrease,
    @Default("0.01") double hysteresis,
    @Default("0.003") double busyHysteresis,
    @Default("0.7") double busyLoad,
    @Default("0.9") double surgeLoad,
    @Default("0.005") double maxGap,
    @Default("0.01") double exploration,
    @Default("60s") Duration rampTime,
    @Default("0.1") double rampFloor,
    @Default("5s") Duration telemetryTimeout,
    @Default("0.3") double maxSilent,
    @Default("0.5") double maxDown,
    @Default("30s") Duration demandTimeout,
    @Default("60s") Duration measuredRttTimeout,
    @Default("100ms") Duration unknownRtt,
    @Default("1ms") Duration localRtt,
    @Default("1") double rttWeight,
    @Default("1000") double dollarWeight,
    @Default("200") double bytesPerToken,
    @Default("1") double burst,
    ShedPrices shed,
    DemandPolicy demand,
    CalibrationPolicy calibration)
    implements Serializable {
  public PlanPolicy {
    positive("tau", tau);
    positive("interval", interval);
    positive("heartbeat", heartbeat);
    if (heartbeat.compareTo(interval) < 0) {
      throw new ConfigException(
          "heartbeat", "must not be shorter than the interval of " + interval.toMillis() + "ms");
    }
    within("step", step, 0.01, 1);
    within("max-increase", maxIncrease, 0.01, 1);
    within("hysteresis", hysteresis, 0, 1);
    within("busy-hysteresis", busyHysteresis, 0, 1);
    within("busy-load", busyLoad, 0, 1);
    within("surge-load", surgeLoad, 0, 1);
    within("max-gap", maxGap, 1e-4, 0.05);
    within("exploration", exploration, 0, 0.2);
    positive("ramp-time", rampTime);
    within("ramp-floor", rampFloor, 0.01, 1);
    positive("telemetry-timeout", telemetryTimeout);
    within("max-silent", maxSilent, 0, 1);
    within("max-down", maxDown, 0, 1);
    positive("demand-timeout", demandTimeout);
    positive("measured-rtt-timeout", measuredRttTimeout);
    positive("unknown-rtt", unknownRtt);
    positive("local-rtt", localRtt);
    within("rtt-weight", rttWeight, 0, 1000);
    within("dollar-weight", dollarWeight, 0, 1e9);
    within("bytes-per-token", bytesPerToken, 0, 1e6);
    within("burst", burst, 0, 10);
  }

  static void positive(String key, Duration value) {
    if (!value.isPositive()) {
      throw new ConfigException(key, "must be longer than 0, is " + value.toMillis() + "ms");
    }
  }

  static void within(String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new ConfigException(key, "must be from " + low + " to " + high + ", is " + value);
    }
  }
}
