package io.weir.routing.retry;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.time.Duration;

/**
 * How requests are tried again on another engine before the first byte of their answer.
 *
 * @param max how often one request is; 0 turns it off
 * @param budget retries, as a part of recent requests; 0 to 1
 * @param floor retries a second that are allowed however few requests there are; not negative
 * @param base longest wait before the first retry; it doubles with each
 * @param cap longest wait before any
 * @param longestPause how long a request waits for engines that all asked to be left alone
 */
public record RetryPolicy(
    @Default("2") int max,
    @Default("0.2") double budget,
    @Default("3") double floor,
    @Default("25ms") Duration base,
    @Default("1s") Duration cap,
    @Default("5s") Duration longestPause) {
  public RetryPolicy {
    if (max < 0 || max > 100) {
      throw new ConfigException("max", "must be 0 to 100, is " + max);
    }
    if (!(budget >= 0 && budget <= 1)) {
      throw new ConfigException("budget", "must be a part from 0 to 1, is " + budget);
    }
    if (!(floor >= 0) || Double.isInfinite(floor)) {
      throw new ConfigException("floor", "must not be negative, is " + floor);
    }
    if (base.isNegative()) {
      throw new ConfigException("base", "must not be negative");
    }
    if (cap.compareTo(base) < 0) {
      throw new ConfigException("cap", "must not be less than base");
    }
    if (longestPause.isNegative()) {
      throw new ConfigException("longest-pause", "must not be negative");
    }
  }

  /**
   * How long to wait before a retry: exponential backoff with full jitter (M. Brooker, "Exponential
   * Backoff and Jitter", AWS Architecture Blog, 2015).
   *
   * @param retry counted from 1
   * @param uniform random, from 0 to 1
   */
  public Duration backoff(int retry, double uniform) {
    double longest =
        Math.min((double) cap.toNanos(), base.toNanos() * Math.pow(2, Math.max(0, retry - 1)));
    return Duration.ofNanos((long) (longest * uniform));
  }

  /** What is to become of a request that failed before the first byte of its answer. */
  public sealed interface Decision {
    /** It is tried again after a wait; the budget has been charged. */
    record Again(Duration pause) implements Decision {}

    /** The failure is the answer. */
    record GiveUp(Cause cause) implements Decision {}
  }

  /** Why a request is not tried again. */
  public enum Cause {
    /** {@link Retryability} says so. */
    NOT_RETRYABLE,
    /** It was tried as often as it may be. */
    EXHAUSTED,
    /** Its time would be over before it ran again. */
    NO_TIME,
    /** Too many others are being tried again. */
    NO_BUDGET
  }

  /**
   * Decides about one failed request, and charges the budget if it is tried again.
   *
   * @param reason the failure's word
   * @param retry which one this would be, from 1
   * @param soonest how long until an engine may be asked
   * @param left of the request's time
   * @param uniform random, from 0 to 1
   * @param nowNanos monotonic
   */
  public Decision decide(
      String reason,
      int retry,
      Duration soonest,
      Duration left,
      double uniform,
      RetryBudget budgetNow,
      long nowNanos) {
    if (!Retryability.retryable(reason)) {
      return new Decision.GiveUp(Cause.NOT_RETRYABLE);
    }
    if (retry > max) {
      return new Decision.GiveUp(Cause.EXHAUSTED);
    }
    Duration wait = backoff(retry, uniform);
    if (soonest.compareTo(longestPause) > 0
        || soonest.compareTo(left) >= 0
        || wait.compareTo(left) >= 0) {
      return new Decision.GiveUp(Cause.NO_TIME);
    }
    return budgetNow.withdraw(nowNanos)
        ? new Decision.Again(wait)
        : new Decision.GiveUp(Cause.NO_BUDGET);
  }
}
