package io.weir.routing.pick;

import io.weir.routing.pick.TableVerdict.Accepted;
import io.weir.routing.pick.TableVerdict.Reason;
import io.weir.routing.pick.TableVerdict.Refused;
import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RoutingWeights;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Stands between published weights and traffic: a table that is wrong does more harm than one that
 * is old. Pure; the caller keeps the table in force.
 */
public final class TableGuard {
  private static final double SUM_TOLERANCE = 1e-6;

  /** Largest certified distance from the best, as a part of the objective. */
  static final double MAX_GAP = 0.05;

  /** Fullest that an engine may be planned while nothing is shed. */
  static final double MAX_LOAD = 0.97;

  /** Largest part of the capacity that may go without evidence. */
  static final double MAX_REMOVED = 0.2;

  private final String source;
  private final String pool;

  /** Guards one source's weights of one pool. */
  public TableGuard(String source, String pool) {
    this.source = source;
    this.pool = pool;
  }

  /**
   * Checks a table.
   *
   * @param current the table in force
   * @param offered the one that has come
   * @param troubled tells of an engine's id whether there is evidence that it should get no
   *     traffic: unhealthy, draining, down by its telemetry, or no longer in the fleet
   */
  public TableVerdict check(
      Optional<WeightTable> current, RoutingWeights offered, Predicate<String> troubled) {
    if (!offered.getSource().equals(source) || !offered.getPool().equals(pool)) {
      return new Refused(
          Reason.MISADDRESSED,
          "it is for "
              + offered.getSource()
              + "/"
              + offered.getPool()
              + ", not "
              + source
              + "/"
              + pool);
    }
    if (current.isPresent() && !current.get().isOlderThan(offered)) {
      return new Refused(
          Reason.NOT_NEWER,
          offered.getEpoch()
              + "."
              + offered.getVersion()
              + " is not newer than "
              + current.get().name());
    }
    return malformed(offered)
        .or(() -> sum(offered.getEngines()))
        .or(() -> gap(offered))
        .or(() -> overload(offered))
        .or(() -> current.flatMap(table -> removed(table, offered, troubled)))
        .<TableVerdict>map(refused -> refused)
        .orElseGet(() -> new Accepted(WeightTable.of(offered)));
  }

  private static Optional<Refused> malformed(RoutingWeights offered) {
    if (!(offered.getTau() > 0)
        || Double.isInfinite(offered.getTau())
        || offered.getIntervalMillis() <= 0) {
      return refused(
          Reason.MALFORMED,
          "tau and interval must be positive, are "
              + offered.getTau()
              + " s and "
              + offered.getIntervalMillis()
              + " ms");
    }
    Set<String> seen = new HashSet<>();
    for (EngineWeight engine : offered.getEngines()) {
      if (!seen.add(engine.getEngine())) {
        return refused(Reason.MALFORMED, "engine " + engine.getEngine() + " is in it twice");
      }
      double[] numbers = {
        engine.getWeight(), engine.getAllotment(), engine.getPrior(), engine.getPrice(),
        engine.getWork(), engine.getGeography(), engine.getLoad(), engine.getPriceSlope(),
        engine.getAlpha(), engine.getBeta(), engine.getGamma()
      };
      for (double number : numbers) {
        if (!(number >= 0) || Double.isInfinite(number)) {
          return refused(
              Reason.MALFORMED,
              "engine " + engine.getEngine() + " has the number " + number + " in it");
        }
      }
      if (engine.getWeight() > 0 && !(engine.getAlpha() > 0)) {
        return refused(
            Reason.MALFORMED, "engine " + engine.getEngine() + " has weight but no timing");
      }
      if (engine.getWeight() > 0 && engine.getExcluded().isPresent()) {
        return refused(
            Reason.MALFORMED,
            "engine "
                + engine.getEngine()
                + " has weight and is excluded: "
                + engine.getExcluded().get());
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> sum(List<EngineWeight> engines) {
    double sum = engines.stream().mapToDouble(EngineWeight::getWeight).sum();
    return Math.abs(sum - 1) <= SUM_TOLERANCE
        ? Optional.empty()
        : refused(Reason.SUM, "its weights add up to " + sum);
  }

  private static Optional<Refused> gap(RoutingWeights offered) {
    double gap = offered.getCertificate().getGap();
    // Rounding may put the bound a hair above the objective.
    return gap >= -SUM_TOLERANCE && gap <= MAX_GAP
        ? Optional.empty()
        : refused(Reason.GAP, "its certified gap is " + gap + ", not within 0 and " + MAX_GAP);
  }

  private static Optional<Refused> overload(RoutingWeights offered) {
    for (ClassPlan plan : offered.getClasses()) {
      if (plan.getShed() > 0) {
        return Optional.empty();
      }
    }
    for (EngineWeight engine : offered.getEngines()) {
      if (engine.getWeight() > 0 && engine.getLoad() > MAX_LOAD) {
        return refused(
            Reason.OVERLOAD,
            "it plans engine "
                + engine.getEngine()
                + " at load "
                + engine.getLoad()
                + " and sheds nothing");
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> removed(
      WeightTable current, RoutingWeights offered, Predicate<String> troubled) {
    Set<String> kept = new HashSet<>();
    for (EngineWeight engine : offered.getEngines()) {
      if (engine.getWeight() > 0) {
        kept.add(engine.getEngine());
      }
    }
    double removed = 0;
    double total = 0;
    for (EngineWeight engine : current.eligible()) {
      total += engine.getPrior();
      boolean gone = engine.getWeight() > 0 && !kept.contains(engine.getEngine());
      removed += gone && !troubled.test(engine.getEngine()) ? engine.getPrior() : 0;
    }
    return removed <= MAX_REMOVED * total
        ? Optional.empty()
        : refused(
            Reason.CAPACITY_REMOVED,
            "it takes "
                + Math.round(100 * removed / total)
                + " % of the capacity away without evidence of trouble");
  }

  private static Optional<Refused> refused(Reason reason, String detail) {
    return Optional.of(new Refused(reason, detail));
  }
}
