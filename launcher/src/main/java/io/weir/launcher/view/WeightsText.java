package io.weir.launcher.view;

import static io.weir.launcher.view.Numbers.NONE;
import static io.weir.launcher.view.TextTable.Side.LEFT;
import static io.weir.launcher.view.TextTable.Side.RIGHT;

import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RoutingWeights;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Weights as a table, with what explains them. */
final class WeightsText {
  private static final String INDENT = "  ";

  private WeightsText() {}

  /** One source's weights of one pool. */
  static List<String> of(RoutingWeights table, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(table, now));
    if (!table.getStaleInputs().isEmpty()) {
      lines.add(INDENT + "stale inputs: " + String.join(", ", table.getStaleInputs()));
    }
    table.getClasses().stream()
        .filter(plan -> plan.getDemand() > 0)
        .forEach(plan -> lines.add(INDENT + demand(plan)));
    engines(table.getEngines()).forEach(line -> lines.add(INDENT + line));
    return lines;
  }

  private static String headline(RoutingWeights table, Instant now) {
    return String.format(
        Locale.ROOT,
        "%s → %s   version %d.%d (%s), %s old   gap %s   tau %s",
        table.getSource(),
        table.getPool(),
        table.getEpoch(),
        table.getVersion(),
        table.getReason(),
        Numbers.age(Duration.between(table.getAt(), now)),
        Numbers.percent(table.getCertificate().getGap()),
        Numbers.seconds(table.getTau()));
  }

  private static String demand(ClassPlan plan) {
    String shed =
        plan.getShed() > 0
            ? ", of which "
                + Numbers.rate(plan.getShed())
                + " are turned away: one more costs more than "
                + Numbers.seconds(plan.getShedPrice())
            : "";
    return plan.getRequestClass().name().toLowerCase(Locale.ROOT)
        + ": planned for "
        + Numbers.rate(plan.getDemand())
        + ", one more costs "
        + Numbers.seconds(plan.getPrice())
        + shed;
  }

  private static List<String> engines(List<EngineWeight> engines) {
    TextTable table =
        new TextTable()
            .column("ENGINE", LEFT)
            .column("WEIGHT", RIGHT)
            .column("LOAD", RIGHT)
            .column("PRICE", RIGHT)
            .column("WORK", RIGHT)
            .column("GEOGRAPHY", RIGHT)
            .column("ABOVE BEST", RIGHT)
            .column("ALLOTMENT", RIGHT)
            .column("TPOT", RIGHT)
            .column("CAPACITY", RIGHT)
            .column("NOTE", LEFT);
    for (EngineWeight engine : engines) {
      table.row(
          engine.getEngine(),
          Numbers.part(engine.getWeight()),
          Numbers.twoDecimals(engine.getLoad()),
          Numbers.twoDecimals(engine.getPrice()),
          Numbers.seconds(engine.getWork()),
          Numbers.seconds(engine.getGeography()),
          Numbers.seconds(engine.getReducedCost()),
          String.format(Locale.ROOT, "%.1f", engine.getAllotment()),
          engine.getTpotMillis() > 0 ? Numbers.seconds(engine.getTpotMillis() / 1e3) : NONE,
          Numbers.twoDecimals(engine.getCapacityFactor()),
          engine.getExcluded().orElse(""));
    }
    return table.lines();
  }
}
