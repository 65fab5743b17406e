package io.weir.launcher.replay;

import io.weir.routing.replay.Objectives;
import io.weir.routing.replay.ReplayResult;
import io.weir.routing.replay.ReplayScenario;
import io.weir.routing.replay.ReplaySource;
import java.util.Locale;

/** Results for people. */
final class ResultTable {
  private ResultTable() {}

  /** What is replayed, and the names of the columns. */
  static String head(ReplayScenario scenario, Objectives objectives) {
    StringBuilder text = new StringBuilder();
    for (ReplaySource source : scenario.sources()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s in %s: %,d requests, %.2f/s, mean %,.0f tokens in and %,.0f out, %d dispatchers%n",
              source.name(),
              source.region(),
              source.trace().requests().size(),
              source.trace().requestsPerSecond(),
              source.trace().meanPromptTokens(),
              source.trace().meanOutputTokens(),
              source.dispatchers()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%d engines, telemetry %d ms old, goodput within TTFT %d ms and TPOT %d ms%n",
            scenario.engines().size(),
            scenario.settings().telemetryAge().toMillis(),
            objectives.ttft().toMillis(),
            objectives.tpot().toMillis()));
    text.append(
        String.format(
            Locale.ROOT,
            "%-17s %23s %17s %24s %6s %6s %6s %6s%n",
            "",
            "TTFT ms p50/p90/p99",
            "TPOT ms p50/p99",
            "E2E ms mean/p50/p99",
            "good",
            "hits",
            "RTT ms",
            "TV"));
    return text.toString();
  }

  /** One policy. */
  static String row(ReplayResult result) {
    return String.format(
        Locale.ROOT,
        "%-17s %7.0f %7.0f %7.0f %8.1f %8.1f %8.0f %7.0f %7.0f %6.4f %6.3f %6.1f %6.3f%s%n",
        result.policy().label() + (result.policy().seesHiddenState() ? " *" : ""),
        result.ttft().p50(),
        result.ttft().p90(),
        result.ttft().p99(),
        result.tpot().p50(),
        result.tpot().p99(),
        result.e2e().mean(),
        result.e2e().p50(),
        result.e2e().p99(),
        result.good(),
        result.cacheHits(),
        result.roundTrip(),
        result.totalVariation(),
        result.rejected() > 0 ? "  " + result.rejected() + " fit no engine" : "");
  }
}
