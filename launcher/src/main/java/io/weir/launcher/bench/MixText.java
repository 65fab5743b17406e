package io.weir.launcher.bench;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The parts of a summary for people: by class, by tenant, refusals and tries. */
final class MixText {
  private MixText() {}

  /** Empty if there is nothing to say that the summary of all does not. */
  static String of(RunSummary run) {
    Formatter text = new Formatter(new StringBuilder(), Locale.ROOT);
    parts(text, "By class", run.classes());
    parts(text, "By tenant", run.tenants());
    refusals(text, run);
    tries(text, run.all().tries());
    return text.toString();
  }

  private static void parts(Formatter text, String title, Map<String, Summary> parts) {
    if (parts.isEmpty()) {
      return;
    }
    text.format(
        "%-12s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s%n",
        title,
        "sent",
        "answered",
        "refused",
        "failed",
        "good %",
        "TTFT p50",
        "TTFT p99",
        "E2E p50",
        "E2E p99",
        "tokens/s");
    parts.forEach(
        (name, part) ->
            text.format(
                "%-12s %9d %9d %9d %9d %9.2f %9.1f %9.1f %9.1f %9.1f %9.0f%n",
                name,
                part.sent(),
                part.answered(),
                part.refused(),
                part.failed() - part.refused(),
                part.sent() == 0 ? 0 : 100.0 * part.good() / part.sent(),
                part.ttft().p50(),
                part.ttft().p99(),
                part.e2e().p50(),
                part.e2e().p99(),
                part.perSecond(part.promptTokens() + part.outputTokens())));
  }

  private static void refusals(Formatter text, RunSummary run) {
    if (run.all().refusals().isEmpty()) {
      return;
    }
    text.format(
        "%-12s %9s %9s %9s %9s %9s  ms until told%n",
        "Refusals", "count", "p50", "p90", "p99", "max");
    refusals(text, "all", run.all().refusal(), "for any reason");
    refusals(text, "all", run.all());
    run.classes().forEach((name, part) -> refusals(text, name, part));
    run.tenants().forEach((name, part) -> refusals(text, name, part));
  }

  private static void refusals(Formatter text, String name, Summary part) {
    part.refusals().forEach((kind, times) -> refusals(text, name, times, kind));
  }

  private static void refusals(Formatter text, String name, Percentiles times, String kind) {
    text.format(
        "%-12s %9d %9.2f %9.2f %9.2f %9.2f  %s%n",
        name, times.count(), times.p50(), times.p90(), times.p99(), times.max(), kind);
  }

  private static void tries(Formatter text, List<Tries.Try> tries) {
    if (tries.size() < 2) {
      return;
    }
    text.format("Tries%n");
    for (int i = 0; i < tries.size(); i++) {
      text.format(
          "%10d. %,d sent, %,d answered (%.1f %%)%n",
          i + 1, tries.get(i).made(), tries.get(i).answered(), 100 * tries.get(i).rate());
    }
  }
}
