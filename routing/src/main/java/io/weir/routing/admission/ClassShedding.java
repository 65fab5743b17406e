package io.weir.routing.admission;

import io.weir.schemas.ClassPlan;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import java.util.EnumMap;
import java.util.Map;

/**
 * The part of each class that the plan of the weights turns away: where one more request costs
 * everybody more than the class is worth, its planned shedding in its planned demand. Holds for
 * three of the plan's intervals.
 */
public final class ClassShedding {
  /** Of a pool without a plan. */
  public static final ClassShedding NONE = new ClassShedding(Map.of(), 0, 0);

  private static final int INTERVALS = 3;

  private final Map<RequestClass, Double> parts;
  private final long knownAt;
  private final long freshNanos;

  private ClassShedding(Map<RequestClass, Double> parts, long knownAt, long freshNanos) {
    this.parts = parts;
    this.knownAt = knownAt;
    this.freshNanos = freshNanos;
  }

  /**
   * What a table says.
   *
   * @param ageMillis how old it is
   * @param now monotonic
   */
  public static ClassShedding of(RoutingWeights table, long ageMillis, long now) {
    Map<RequestClass, Double> parts = new EnumMap<>(RequestClass.class);
    for (ClassPlan each : table.getClasses()) {
      if (each.getPrice() > each.getShedPrice() && each.getShed() > 0 && each.getDemand() > 0) {
        parts.put(each.getRequestClass(), Math.min(1, each.getShed() / each.getDemand()));
      }
    }
    return new ClassShedding(
        parts,
        now - Math.max(0, ageMillis) * 1_000_000,
        INTERVALS * table.getIntervalMillis() * 1_000_000);
  }

  /** The part of a class, 0 to 1. */
  public double part(RequestClass requestClass, long now) {
    return now - knownAt > freshNanos ? 0 : parts.getOrDefault(requestClass, 0.0);
  }
}
