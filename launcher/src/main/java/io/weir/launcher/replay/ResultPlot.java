package io.weir.launcher.replay;

import io.weir.routing.replay.Objectives;
import io.weir.routing.replay.ReplayResult;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Results as an SVG image: one panel a figure, one bar a policy. */
final class ResultPlot {
  private static final int PANEL = 250;
  private static final int LABELS = 150;
  private static final int BAR = 16;
  private static final int STEP = 22;
  private static final int TOP = 56;
  private static final int VALUE = 62;

  private record Panel(String title, int digits, ToDoubleFunction<ReplayResult> value) {}

  private ResultPlot() {}

  static String of(Objectives objectives, List<ReplayResult> results) {
    List<Panel> panels =
        List.of(
            new Panel("TTFT p99, s", 2, result -> result.ttft().p99() / 1e3),
            new Panel("E2E mean, s", 2, result -> result.e2e().mean() / 1e3),
            new Panel("TPOT p99, ms", 0, result -> result.tpot().p99()),
            new Panel("goodput, %", 2, result -> result.good() * 100),
            new Panel("cache hits, %", 1, result -> result.cacheHits() * 100));
    int width = LABELS + panels.size() * PANEL;
    int height = TOP + results.size() * STEP + 34;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\""
                + " height=\"100%%\" fill=\"white\"/>%n",
            width,
            height,
            width,
            height));
    labels(svg, results);
    for (int p = 0; p < panels.size(); p++) {
      panel(svg, panels.get(p), results, LABELS + p * PANEL);
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" fill=\"#555\">Bars end at twice the median; * sees hidden"
                + " state; goodput within TTFT %d ms and TPOT %d ms</text>%n</svg>%n",
            LABELS,
            height - 12,
            objectives.ttft().toMillis(),
            objectives.tpot().toMillis()));
    return svg.toString();
  }

  private static void labels(StringBuilder svg, List<ReplayResult> results) {
    for (int i = 0; i < results.size(); i++) {
      ReplayResult result = results.get(i);
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
              LABELS - 8,
              TOP + i * STEP + 12,
              result.policy().label() + (result.policy().seesHiddenState() ? " *" : "")));
    }
  }

  private static void panel(StringBuilder svg, Panel panel, List<ReplayResult> results, int left) {
    double[] values = results.stream().mapToDouble(panel.value).sorted().toArray();
    // One policy that collapses must not flatten all others.
    double full = Math.min(values[values.length - 1], 2 * values[values.length / 2]);
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n",
            left,
            TOP - 20,
            panel.title));
    for (int i = 0; i < results.size(); i++) {
      double value = panel.value.applyAsDouble(results.get(i));
      double part = full <= 0 ? 0 : Math.min(1, value / full);
      int y = TOP + i * STEP;
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
              left,
              y,
              part * (PANEL - VALUE),
              BAR,
              colour(results.get(i))));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\">%s%s</text>%n",
              left + part * (PANEL - VALUE) + 4,
              y + 12,
              value > full ? "→ " : "",
              number(value, panel.digits)));
    }
  }

  private static String colour(ReplayResult result) {
    return switch (result.policy()) {
      case WEIR -> "#1f6feb";
      case ORACLE -> "#c9c9c9";
      default -> "#8b9bb0";
    };
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
