package io.weir.routing.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The two exact reductions, done before anything is solved.
 *
 * <p>By symmetry: engines with the same curve, capacity and column, and commodities with the same
 * shed price and row, are merged. The optimum is convex, so that all engines of a group have the
 * same load and all commodities of one the same weights. By independence: what shares no arcs is
 * solved apart.
 */
final class Reduction {
  private final Network arcs;
  private final int[] engineGroup;
  private final int[] commodityGroup;
  private final List<Integer> firstEngineOf = new ArrayList<>();
  private final List<Integer> firstCommodityOf = new ArrayList<>();

  private Reduction(Network arcs) {
    this.arcs = arcs;
    int engines = arcs.engines();
    int commodities = arcs.commodities();
    Signature.Digests columns = new Signature.Digests(engines);
    Signature.Digests rows = new Signature.Digests(commodities);
    boolean[] reached = new boolean[engines];
    for (int c = 0; c < commodities; c++) {
      for (int i = arcs.rowStart()[c]; i < arcs.rowStart()[c + 1]; i++) {
        int e = arcs.engine()[i];
        columns.add(e, c, arcs.work()[i], arcs.geography()[i]);
        rows.add(c, e, arcs.work()[i], arcs.geography()[i]);
        reached[e] = true;
      }
    }
    engineGroup = new int[engines];
    Map<Signature, Integer> seen = new HashMap<>();
    for (int e = 0; e < engines; e++) {
      Signature column = columns.of(e, arcs.occupancy()[e], arcs.capacity()[e]);
      engineGroup[e] = reached[e] ? groupOf(seen, column, e, firstEngineOf) : -1;
    }
    commodityGroup = new int[commodities];
    seen.clear();
    for (int c = 0; c < commodities; c++) {
      boolean empty = arcs.rowStart()[c] == arcs.rowStart()[c + 1];
      Signature row = rows.of(c, arcs.shedPrice()[c], 0);
      commodityGroup[c] = empty ? -1 : groupOf(seen, row, c, firstCommodityOf);
    }
  }

  static ReducedProblem of(Network arcs) {
    return new Reduction(arcs).reduce();
  }

  private static int groupOf(
      Map<Signature, Integer> seen, Signature signature, int member, List<Integer> firsts) {
    Integer group = seen.putIfAbsent(signature, firsts.size());
    if (group == null) {
      firsts.add(member);
      return firsts.size() - 1;
    }
    return group;
  }

  private ReducedProblem reduce() {
    int engines = firstEngineOf.size();
    int commodities = firstCommodityOf.size();
    int[][] reached = new int[commodities][];
    for (int group = 0; group < commodities; group++) {
      int first = firstCommodityOf.get(group);
      reached[group] =
          Arrays.stream(arcs.engine(), begin(first), end(first)).map(e -> engineGroup[e]).toArray();
    }
    ComponentOrder order = ComponentOrder.of(engines, reached);
    int[] engineOf = renumber(engineGroup, order.engineAt());
    int[] commodityOf = renumber(commodityGroup, order.commodityAt());

    double[] occupancy = new double[engines];
    double[] capacity = new double[engines];
    int[] members = new int[engines];
    for (int e = 0; e < engineOf.length; e++) {
      if (engineOf[e] >= 0) {
        occupancy[engineOf[e]] = arcs.occupancy()[e];
        capacity[engineOf[e]] += arcs.capacity()[e];
        members[engineOf[e]]++;
      }
    }
    double[] shedPrice = new double[commodities];
    int[] representative = new int[commodities];
    for (int first : firstCommodityOf) {
      shedPrice[commodityOf[first]] = arcs.shedPrice()[first];
      representative[commodityOf[first]] = first;
    }
    int[] start = rowStarts(engineOf, representative, engines);
    int size = start[commodities];
    Network merged =
        new Network(
            occupancy,
            capacity,
            members,
            shedPrice,
            start,
            new int[size],
            new double[size],
            new double[size]);
    fillRows(merged, engineOf, representative);
    return new ReducedProblem(
        merged,
        logPrior(merged),
        order.components(),
        engineOf,
        commodityOf,
        arcOf(merged, engineOf, commodityOf));
  }

  private static int[] renumber(int[] group, int[] place) {
    return Arrays.stream(group).map(g -> g < 0 ? -1 : place[g]).toArray();
  }

  /** Where the rows of the merged network begin: one arc for each group of engines. */
  private int[] rowStarts(int[] engineOf, int[] representative, int engines) {
    int[] start = new int[representative.length + 1];
    int[] countedFor = new int[engines];
    for (int c = 0; c < representative.length; c++) {
      int count = 0;
      for (int i = begin(representative[c]); i < end(representative[c]); i++) {
        int e = engineOf[arcs.engine()[i]];
        count += countedFor[e] == c + 1 ? 0 : 1;
        countedFor[e] = c + 1;
      }
      start[c + 1] = start[c] + count;
    }
    return start;
  }

  private void fillRows(Network merged, int[] engineOf, int[] representative) {
    int[] countedFor = new int[merged.engines()];
    int[] arcTo = new int[merged.engines()];
    for (int c = 0; c < representative.length; c++) {
      int at = merged.rowStart()[c];
      for (int i = begin(representative[c]); i < end(representative[c]); i++) {
        int e = engineOf[arcs.engine()[i]];
        if (countedFor[e] != c + 1) {
          countedFor[e] = c + 1;
          merged.engine()[at++] = e;
          arcTo[e] = i;
        }
      }
      Arrays.sort(merged.engine(), merged.rowStart()[c], at);
      for (int i = merged.rowStart()[c]; i < at; i++) {
        merged.work()[i] = arcs.work()[arcTo[merged.engine()[i]]];
        merged.geography()[i] = arcs.geography()[arcTo[merged.engine()[i]]];
      }
    }
  }

  private static double[] logPrior(Network merged) {
    double[] logPrior = new double[merged.arcs()];
    for (int c = 0; c < merged.commodities(); c++) {
      double sum = 0;
      for (int i = merged.rowStart()[c]; i < merged.rowStart()[c + 1]; i++) {
        sum += merged.capacity()[merged.engine()[i]];
      }
      for (int i = merged.rowStart()[c]; i < merged.rowStart()[c + 1]; i++) {
        logPrior[i] = Math.log(merged.capacity()[merged.engine()[i]] / sum);
      }
    }
    return logPrior;
  }

  private int[] arcOf(Network merged, int[] engineOf, int[] commodityOf) {
    int[] arcOf = new int[arcs.arcs()];
    int[] arcTo = new int[merged.engines()];
    for (int c = 0; c < commodityOf.length; c++) {
      if (commodityOf[c] >= 0) {
        int row = commodityOf[c];
        for (int i = merged.rowStart()[row]; i < merged.rowStart()[row + 1]; i++) {
          arcTo[merged.engine()[i]] = i;
        }
        for (int i = begin(c); i < end(c); i++) {
          arcOf[i] = arcTo[engineOf[arcs.engine()[i]]];
        }
      }
    }
    return arcOf;
  }

  private int begin(int commodity) {
    return arcs.rowStart()[commodity];
  }

  private int end(int commodity) {
    return arcs.rowStart()[commodity + 1];
  }
}
