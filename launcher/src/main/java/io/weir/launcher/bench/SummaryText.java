package io.weir.launcher.bench;

import java.util.Formatter;
import java.util.Locale;
import java.util.Map;

/** A summary for people. */
final class SummaryText {
  private SummaryText() {}

  static String of(Summary summary) {
    Formatter text = new Formatter(new StringBuilder(), Locale.ROOT);
    text.format(
        "Requests   sent %,d, answered %,d (%.1f/s), failed %,d%s, in %.1f s%n",
        summary.sent(),
        summary.answered(),
        summary.perSecond(summary.answered()),
        summary.failed(),
        summary.unfinished() > 0 ? ", unfinished %,d".formatted(summary.unfinished()) : "",
        summary.elapsed().toMillis() / 1e3);
    text.format(
        "Tokens     prompt %,d (%,.0f/s), output %,d (%,.0f/s)%n",
        summary.promptTokens(),
        summary.perSecond(summary.promptTokens()),
        summary.outputTokens(),
        summary.perSecond(summary.outputTokens()));
    text.format(
        "%-10s %9s %9s %9s %9s %9s %9s %9s%n",
        "ms", "p50", "p90", "p95", "p99", "p99.9", "max", "mean");
    percentiles(text, "TTFT", summary.ttft());
    percentiles(text, "ITL", summary.itl());
    percentiles(text, "TPOT", summary.tpot());
    percentiles(text, "E2E", summary.e2e());
    if (summary.goals().given()) {
      text.format(
          "Goodput    %,d of %,d (%.2f %%), %.1f/s within %s%n",
          summary.good(),
          summary.sent(),
          summary.sent() == 0 ? 0 : 100.0 * summary.good() / summary.sent(),
          summary.perSecond(summary.good()),
          goals(summary.goals()));
    }
    if (!summary.failures().isEmpty()) {
      text.format("Failures%n");
      summary.failures().entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .forEach(failure -> text.format("%10d %s%n", failure.getValue(), failure.getKey()));
    }
    return text.toString();
  }

  private static String goals(Goals goals) {
    StringBuilder text = new StringBuilder();
    goals.ttft().ifPresent(goal -> text.append("TTFT ").append(goal.toMillis()).append(" ms "));
    goals.tpot().ifPresent(goal -> text.append("TPOT ").append(goal.toMillis()).append(" ms "));
    goals.e2e().ifPresent(goal -> text.append("E2E ").append(goal.toMillis()).append(" ms "));
    return text.toString().strip();
  }

  private static void percentiles(Formatter text, String name, Percentiles times) {
    if (times.count() > 0) {
      text.format(
          "%-10s %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f%n",
          name,
          times.p50(),
          times.p90(),
          times.p95(),
          times.p99(),
          times.p999(),
          times.max(),
          times.mean());
    }
  }
}
