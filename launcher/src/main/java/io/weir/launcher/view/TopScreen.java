package io.weir.launcher.view;

import static io.weir.launcher.view.Numbers.NONE;
import static io.weir.launcher.view.TextTable.Side.LEFT;
import static io.weir.launcher.view.TextTable.Side.RIGHT;

import io.weir.launcher.view.FleetState.Snapshot;
import io.weir.schemas.EngineSample;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.Member;
import io.weir.schemas.RoutingWeights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The fleet on one screen; rates are those since the screen before. */
public final class TopScreen {
  private final Supplier<Snapshot> snapshots;
  private Snapshot before;

  TopScreen(Supplier<Snapshot> snapshots) {
    this.snapshots = snapshots;
    this.before = snapshots.get();
  }

  /** The next screen, line by line. */
  public List<String> next() {
    Snapshot now = snapshots.get();
    Rates rates = new Rates(before, now);
    before = now;
    List<String> lines = new ArrayList<>();
    lines.add(headline(now, rates));
    lines.add("");
    lines.addAll(sources(now, rates));
    lines.add("");
    lines.addAll(engines(now, rates));
    lines.add("");
    lines.addAll(weights(now));
    return lines;
  }

  private record Rates(Snapshot before, Snapshot now) {
    double of(String source, LifecycleType type) {
      return per(now.traffic().of(source, type) - before.traffic().of(source, type));
    }

    double to(String engine) {
      return per(now.traffic().to(engine) - before.traffic().to(engine));
    }

    private double per(long count) {
      double seconds = Duration.between(before.at(), now.at()).toNanos() / 1e9;
      return seconds > 0 ? count / seconds : 0;
    }
  }

  private static String headline(Snapshot now, Rates rates) {
    long answered = 0;
    double perSecond = 0;
    for (String source : now.traffic().byType().keySet()) {
      perSecond += rates.of(source, LifecycleType.SUCCEEDED);
      answered += now.traffic().of(source, LifecycleType.SUCCEEDED);
    }
    return String.format(
        Locale.ROOT,
        "Weir   %d engines, %d members   answered %s, %d since this began",
        now.engines().size(),
        now.members().size(),
        Numbers.rate(perSecond),
        answered);
  }

  private static List<String> sources(Snapshot now, Rates rates) {
    Set<String> names = new TreeSet<>(now.traffic().byType().keySet());
    now.members().stream().map(Member::getSource).flatMap(Optional::stream).forEach(names::add);
    if (names.isEmpty()) {
      return List.of("No ingress or dispatcher has told of itself.");
    }
    TextTable table =
        new TextTable()
            .column("SOURCE", LEFT)
            .column("ACCEPTED", RIGHT)
            .column("DISPATCHED", RIGHT)
            .column("ANSWERED", RIGHT)
            .column("FAILED", RIGHT)
            .column("SHED", RIGHT)
            .column("READY", RIGHT);
    for (String source : names) {
      table.row(
          source,
          Numbers.rate(rates.of(source, LifecycleType.ACCEPTED)),
          Numbers.rate(rates.of(source, LifecycleType.DISPATCHED)),
          Numbers.rate(rates.of(source, LifecycleType.SUCCEEDED)),
          Numbers.rate(rates.of(source, LifecycleType.FAILED)),
          Numbers.rate(rates.of(source, LifecycleType.SHED)),
          Integer.toString(now.ready(source)));
    }
    return table.lines();
  }

  private static List<String> engines(Snapshot now, Rates rates) {
    if (now.engines().isEmpty()) {
      return List.of("No engine was published: no controller has run here yet.");
    }
    TextTable table =
        new TextTable()
            .column("ENGINE", LEFT)
            .column("POOL", LEFT)
            .column("STATE", LEFT)
            .column("DISPATCHED", RIGHT)
            .column("SHARE", RIGHT)
            .column("LOAD", RIGHT)
            .column("PRICE", RIGHT)
            .column("IN FLIGHT", RIGHT)
            .column("RUNNING", RIGHT)
            .column("WAITING", RIGHT)
            .column("KV", RIGHT)
            .column("TPOT", RIGHT);
    for (var spec : now.engines()) {
      EngineStatus engine = EngineStatus.of(now, spec);
      Optional<EngineSample> sample = engine.sample();
      table.row(
          spec.getId(),
          spec.getPool(),
          engine.state(),
          Numbers.rate(rates.to(spec.getId())),
          engine.share().map(Numbers::part).orElse(NONE),
          engine.plan().map(plan -> Numbers.twoDecimals(plan.getLoad())).orElse(NONE),
          engine.plan().map(plan -> Numbers.twoDecimals(plan.getPrice())).orElse(NONE),
          Integer.toString(engine.inFlight()),
          sample.flatMap(EngineSample::getRunning).map(String::valueOf).orElse(NONE),
          sample.flatMap(EngineSample::getWaiting).map(String::valueOf).orElse(NONE),
          sample.flatMap(EngineSample::getKvUsage).map(Numbers::wholePercent).orElse(NONE),
          sample
              .flatMap(EngineSample::getTpotMillis)
              .map(millis -> Numbers.seconds(millis / 1e3))
              .orElse(NONE));
    }
    return table.lines();
  }

  private static List<String> weights(Snapshot now) {
    if (now.weights().isEmpty()) {
      return List.of("No weights are planned; dispatchers go by the configured ones.");
    }
    TextTable table =
        new TextTable()
            .column("WEIGHTS", LEFT)
            .column("AGE", RIGHT)
            .column("GAP", RIGHT)
            .column("REASON", LEFT)
            .column("VERSION", LEFT)
            .column("STALE", LEFT);
    for (RoutingWeights weights : now.weights()) {
      table.row(
          weights.getSource() + " → " + weights.getPool(),
          Numbers.age(Duration.between(weights.getAt(), now.at())),
          Numbers.percent(weights.getCertificate().getGap()),
          weights.getReason(),
          weights.getEpoch() + "." + weights.getVersion(),
          weights.getStaleInputs().isEmpty() ? NONE : String.join(", ", weights.getStaleInputs()));
    }
    return table.lines();
  }
}
