package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.order.ClassShares;
import io.weir.routing.order.LimitPolicy;
import io.weir.routing.retry.HedgePolicy;
import io.weir.routing.retry.OutlierPolicy;
import io.weir.routing.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * How a dispatcher works.
 *
 * @param host address of its health and metrics pages
 * @param port their port; 0 takes a free one
 * @param member the name it signs its events with; made up if absent
 * @param drainTimeout how long {@code close} waits for what runs; what is left is given back
 * @param preempt whether flex and batch requests give up their places on engines for priority
 */
public record DispatcherConfig(
    @Default("127.0.0.1") String host,
    @Default("0") int port,
    Optional<String> member,
    @Default("3s") Duration drainTimeout,
    LaneConfig lanes,
    CallConfig calls,
    AnswerLimits answers,
    HealthConfig health,
    RetryPolicy retries,
    OutlierPolicy outliers,
    HedgePolicy hedges,
    ClassShares order,
    LimitPolicy limit,
    @Default("false") boolean preempt) {
  public DispatcherConfig {
    if (port < 0 || port > 65_535) {
      throw new ConfigException("port", "must be 0 to 65535, is " + port);
    }
    if (drainTimeout.isNegative()) {
      throw new ConfigException("drain-timeout", "must not be negative");
    }
  }

  /** The same on another port, 0 for any that is free. */
  public DispatcherConfig withPort(int newPort) {
    return new DispatcherConfig(
        host,
        newPort,
        member,
        drainTimeout,
        lanes,
        calls,
        answers,
        health,
        retries,
        outliers,
        hedges,
        order,
        limit,
        preempt);
  }
}
