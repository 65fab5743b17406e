package io.weir.routing.weights;

import java.util.ArrayList;
import java.util.List;

/**
 * An order of merged engines and commodities in which every independent component is one range.
 * Components come in the order of their first engine, what is in them in the order it had.
 *
 * @param engineAt place of each engine
 * @param commodityAt place of each commodity
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: the arrays are columns of a table
record ComponentOrder(int[] engineAt, int[] commodityAt, List<Component> components) {
  /**
   * Finds components by union-find.
   *
   * @param reached the engines of each commodity, at least one
   */
  static ComponentOrder of(int engines, int[][] reached) {
    DisjointSets sets = new DisjointSets(engines);
    for (int[] row : reached) {
      for (int e : row) {
        sets.join(row[0], e);
      }
    }
    int[] rootOfEngine = new int[engines];
    for (int e = 0; e < engines; e++) {
      rootOfEngine[e] = sets.find(e);
    }
    int[] rootOfCommodity = new int[reached.length];
    for (int c = 0; c < reached.length; c++) {
      rootOfCommodity[c] = sets.find(reached[c][0]);
    }
    int[] engineEnd = new int[engines];
    int[] commodityEnd = new int[engines];
    int[] engineAt = places(rootOfEngine, engineEnd);
    int[] commodityAt = places(rootOfCommodity, commodityEnd);
    List<Component> components = new ArrayList<>();
    int firstEngine = 0;
    int firstCommodity = 0;
    for (int root = 0; root < engines; root++) {
      if (rootOfEngine[root] == root) {
        components.add(
            new Component(firstCommodity, commodityEnd[root], firstEngine, engineEnd[root]));
        firstEngine = engineEnd[root];
        firstCommodity = commodityEnd[root];
      }
    }
    return new ComponentOrder(engineAt, commodityAt, List.copyOf(components));
  }

  /** A stable counting sort by root: the place of each element; {@code end} gets the bounds. */
  private static int[] places(int[] root, int[] end) {
    for (int r : root) {
      end[r]++;
    }
    int sum = 0;
    for (int r = 0; r < end.length; r++) {
      int count = end[r];
      end[r] = sum;
      sum += count;
    }
    int[] place = new int[root.length];
    for (int i = 0; i < root.length; i++) {
      place[i] = end[root[i]]++;
    }
    return place;
  }
}
