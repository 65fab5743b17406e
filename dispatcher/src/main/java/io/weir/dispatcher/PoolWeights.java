package io.weir.dispatcher;

import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.WeightSource;
import io.weir.routing.pick.AppliedWeights;
import io.weir.routing.pick.Freshness;
import io.weir.routing.pick.StalenessLadder;
import io.weir.routing.pick.TableGuard;
import io.weir.routing.pick.TableVerdict;
import io.weir.routing.pick.WeightTable;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RoutingWeights;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The weights of this source's traffic of one pool: takes tables that pass the guard, lets them
 * age, and spreads what engines that are out leave over. Guarded by the pool's lock, save for what
 * is said to be readable by anyone.
 */
final class PoolWeights {
  private static final long STALE_MILLIS = 30_000;
  private static final long DECAY_STEP_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final boolean planned;
  private final TableGuard guard;
  private final LongSupplier nanoClock;
  private volatile Optional<AppliedWeights> applied = Optional.empty();
  private volatile long cameAt;
  private Set<String> out = Set.of();
  private long appliedAt;

  PoolWeights(String source, Pool pool, LongSupplier nanoClock) {
    this.planned = pool.weights() == WeightSource.FLINK;
    this.guard = new TableGuard(source, pool.name());
    this.nanoClock = nanoClock;
  }

  /**
   * Takes a table in, if it may be.
   *
   * @param ageMillis how old it was when it came
   * @param engines of the pool, for evidence that those without weight are in trouble
   * @return what became of it; empty if the pool's weights are static
   */
  Optional<TableVerdict> offer(RoutingWeights table, long ageMillis, List<EngineSlots> engines) {
    if (!planned) {
      return Optional.empty();
    }
    long now = nanoClock.getAsLong();
    Set<String> well = new HashSet<>();
    for (EngineSlots engine : engines) {
      if (engine.isEligible() && !engine.telemetry().isDown(now)) {
        well.add(engine.id());
      }
    }
    TableVerdict verdict =
        guard.check(applied.map(AppliedWeights::table), table, id -> !well.contains(id));
    if (verdict instanceof TableVerdict.Accepted accepted) {
      cameAt = now - Math.max(0, ageMillis) * NANOS_PER_MILLI;
      apply(accepted.table());
    }
    return Optional.of(verdict);
  }

  /** Sees to it that the weights are right for the engines' state and the table's age. */
  void review(List<EngineSlots> engines) {
    Set<String> outNow = new HashSet<>();
    applied.ifPresent(weights -> outNow.addAll(weights.table().engines().keySet()));
    for (EngineSlots engine : engines) {
      if (engine.isEligible()) {
        outNow.remove(engine.id());
      }
    }
    boolean changed = !outNow.equals(out);
    out = outNow;
    applied.filter(weights -> changed || aged(weights)).ifPresent(old -> apply(old.table()));
  }

  private boolean aged(AppliedWeights weights) {
    Freshness freshness = Freshness.of(ageMillis(), weights.table().intervalMillis());
    return freshness != weights.freshness()
        || (freshness == Freshness.DECAYING
            && nanoClock.getAsLong() - appliedAt >= DECAY_STEP_NANOS);
  }

  private void apply(WeightTable table) {
    appliedAt = nanoClock.getAsLong();
    applied = Optional.of(StalenessLadder.weights(table, ageMillis(), out::contains));
  }

  /**
   * An engine's weight; 0 if it is to get nothing, or there is no table. An engine that the table
   * does not know waits for the next one; if none comes, it gets what its capacity is worth.
   *
   * @param relative its configured weight ÷ the mean of the pool's
   */
  double weight(String engine, double relative) {
    if (applied.isEmpty()) {
      return 0;
    }
    AppliedWeights weights = applied.get();
    if (weights.freshness() != Freshness.NORMAL && weights.table().engine(engine).isEmpty()) {
      return relative / Math.max(1, weights.table().engines().size());
    }
    return weights.weight(engine);
  }

  /** What the table says of an engine. */
  Optional<EngineWeight> plan(String engine) {
    return applied.flatMap(weights -> weights.table().engine(engine));
  }

  /** Under which weights engines are chosen now. */
  WeightsMark mark() {
    return applied
        .map(weights -> new WeightsMark(Optional.of(weights.table().name()), isStale()))
        .orElse(WeightsMark.NONE);
  }

  /** True if a table is in force that should have been replaced; readable by anyone. */
  boolean isStale() {
    return applied
        .filter(
            weights -> ageMillis() >= Math.max(STALE_MILLIS, 3 * weights.table().intervalMillis()))
        .isPresent();
  }

  /** The table in force; readable by anyone. */
  Optional<WeightTable> table() {
    return applied.map(AppliedWeights::table);
  }

  /** Time since the table in force was published, in milliseconds; readable by anyone. */
  long ageMillis() {
    return (nanoClock.getAsLong() - cameAt) / NANOS_PER_MILLI;
  }
}
