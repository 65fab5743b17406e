package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.routing.config.Configs;
import io.weir.routing.order.ClassShares;
import io.weir.routing.order.LimitPolicy;
import io.weir.routing.retry.HedgePolicy;
import io.weir.routing.retry.OutlierPolicy;
import io.weir.routing.retry.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Configurations for tests. */
final class Settings {
  private Settings() {}

  static DispatcherConfig calls(Map<String, String> calls) {
    return with(calls, Map.of(), Duration.ofSeconds(3));
  }

  static DispatcherConfig lanes(Map<String, String> lanes) {
    return with(Map.of(), lanes, Duration.ofSeconds(3));
  }

  static DispatcherConfig drain(Duration drain) {
    return with(Map.of(), Map.of(), drain);
  }

  /** For what is to be seen of one engine alone. */
  static DispatcherConfig withoutRetries(Map<String, String> calls) {
    return with(calls, Map.of(), Duration.ofSeconds(3), Map.of("max", "0"), Map.of());
  }

  static DispatcherConfig retries(Map<String, String> retries) {
    return with(Map.of(), Map.of(), Duration.ofSeconds(3), retries, Map.of());
  }

  static DispatcherConfig outliers(Map<String, String> outliers) {
    return with(Map.of(), Map.of(), Duration.ofSeconds(3), Map.of(), outliers);
  }

  /** The same in which flex and batch give up their places for priority. */
  static DispatcherConfig preempting() {
    DispatcherConfig plain = drain(Duration.ofSeconds(3));
    return new DispatcherConfig(
        plain.host(),
        plain.port(),
        plain.member(),
        plain.drainTimeout(),
        plain.lanes(),
        plain.calls(),
        plain.answers(),
        plain.health(),
        plain.retries(),
        plain.outliers(),
        plain.hedges(),
        plain.order(),
        plain.limit(),
        true);
  }

  private static DispatcherConfig with(
      Map<String, String> calls, Map<String, String> lanes, Duration drain) {
    return with(calls, lanes, drain, Map.of(), Map.of());
  }

  private static DispatcherConfig with(
      Map<String, String> calls,
      Map<String, String> lanes,
      Duration drain,
      Map<String, String> retries,
      Map<String, String> outliers) {
    return new DispatcherConfig(
        "127.0.0.1",
        0,
        Optional.empty(),
        drain,
        Configs.with(LaneConfig.class, lanes),
        Configs.with(CallConfig.class, calls),
        Configs.defaults(AnswerLimits.class),
        Configs.with(HealthConfig.class, Map.of("interval", "50ms")),
        Configs.with(RetryPolicy.class, retries),
        Configs.with(OutlierPolicy.class, outliers),
        Configs.with(HedgePolicy.class, Map.of("samples", "5")),
        Configs.defaults(ClassShares.class),
        Configs.defaults(LimitPolicy.class),
        false);
  }
}
