package io.weir.dispatcher;

import io.weir.dispatcher.answer.AnswerLimits;
import io.weir.routing.config.Configs;
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

  private static DispatcherConfig with(
      Map<String, String> calls, Map<String, String> lanes, Duration drain) {
    return new DispatcherConfig(
        "127.0.0.1",
        0,
        Optional.empty(),
        drain,
        Configs.with(LaneConfig.class, lanes),
        Configs.with(CallConfig.class, calls),
        Configs.defaults(AnswerLimits.class),
        Configs.with(HealthConfig.class, Map.of("interval", "50ms")));
  }
}
