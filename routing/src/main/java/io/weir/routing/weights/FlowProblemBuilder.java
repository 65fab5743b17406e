package io.weir.routing.weights;

import java.util.Arrays;

/**
 * Collects engines, commodities and arcs, in any order; see {@link FlowProblem} for the letters.
 */
public final class FlowProblemBuilder {
  private double[] occupancy = new double[16];
  private double[] capacity = new double[16];
  private int engines;

  private double[] rate = new double[16];
  private double[] shedPrice = new double[16];
  private int commodities;

  private int[] arcCommodity = new int[64];
  private int[] arcEngine = new int[64];
  private double[] work = new double[64];
  private double[] geography = new double[64];
  private int arcs;

  FlowProblemBuilder() {}

  /**
   * Adds an engine.
   *
   * @param n of its congestion curve, > 0
   * @param relativeCapacity prior weight, > 0, in any unit that all engines share
   * @return its index
   */
  public int engine(double n, double relativeCapacity) {
    require(n > 0 && Double.isFinite(n), "an engine's n must be positive", n);
    require(
        relativeCapacity > 0 && Double.isFinite(relativeCapacity),
        "an engine's capacity must be positive",
        relativeCapacity);
    if (engines == occupancy.length) {
      occupancy = Arrays.copyOf(occupancy, 2 * engines);
      capacity = Arrays.copyOf(capacity, 2 * engines);
    }
    occupancy[engines] = n;
    capacity[engines] = relativeCapacity;
    return engines++;
  }

  /**
   * Adds a commodity.
   *
   * @param ratePerSecond offered requests per second, ≥ 0
   * @param shedPriceSeconds delay a request is worth, > 0
   * @return its index
   */
  public int commodity(double ratePerSecond, double shedPriceSeconds) {
    requireRate(ratePerSecond);
    require(
        shedPriceSeconds > 0 && Double.isFinite(shedPriceSeconds),
        "a shed price must be positive",
        shedPriceSeconds);
    if (commodities == rate.length) {
      rate = Arrays.copyOf(rate, 2 * commodities);
      shedPrice = Arrays.copyOf(shedPrice, 2 * commodities);
    }
    rate[commodities] = ratePerSecond;
    shedPrice[commodities] = shedPriceSeconds;
    return commodities++;
  }

  /**
   * Makes a commodity eligible on an engine. At most one arc a pair.
   *
   * @param workSeconds engine-seconds of one request, > 0
   * @param geographySeconds cost of the way in seconds, ≥ 0
   */
  public FlowProblemBuilder arc(
      int commodity, int engine, double workSeconds, double geographySeconds) {
    require(commodity >= 0 && commodity < commodities, "there is no such commodity", commodity);
    require(engine >= 0 && engine < engines, "there is no such engine", engine);
    require(workSeconds > 0 && Double.isFinite(workSeconds), "work must be positive", workSeconds);
    require(
        geographySeconds >= 0 && Double.isFinite(geographySeconds),
        "geography must not be negative",
        geographySeconds);
    if (arcs == arcEngine.length) {
      arcCommodity = Arrays.copyOf(arcCommodity, 2 * arcs);
      arcEngine = Arrays.copyOf(arcEngine, 2 * arcs);
      work = Arrays.copyOf(work, 2 * arcs);
      geography = Arrays.copyOf(geography, 2 * arcs);
    }
    arcCommodity[arcs] = commodity;
    arcEngine[arcs] = engine;
    work[arcs] = workSeconds;
    geography[arcs] = geographySeconds;
    arcs++;
    return this;
  }

  /**
   * The problem, with equal engines and equal commodities already found.
   *
   * @throws IllegalArgumentException if a pair has two arcs
   */
  public FlowProblem build() {
    Network rows = rows();
    return new FlowProblem(rows, Arrays.copyOf(rate, commodities), Reduction.of(rows));
  }

  /** Counting sort by commodity, stable. */
  private Network rows() {
    int[] rowStart = new int[commodities + 1];
    for (int i = 0; i < arcs; i++) {
      rowStart[arcCommodity[i] + 1]++;
    }
    for (int c = 0; c < commodities; c++) {
      rowStart[c + 1] += rowStart[c];
    }
    int[] next = Arrays.copyOf(rowStart, commodities);
    int[] engine = new int[arcs];
    double[] a = new double[arcs];
    double[] g = new double[arcs];
    for (int i = 0; i < arcs; i++) {
      int at = next[arcCommodity[i]]++;
      engine[at] = arcEngine[i];
      a[at] = work[i];
      g[at] = geography[i];
    }
    requireOneArcPerPair(rowStart, engine);
    return new Network(
        Arrays.copyOf(occupancy, engines),
        Arrays.copyOf(capacity, engines),
        ones(engines),
        Arrays.copyOf(shedPrice, commodities),
        rowStart,
        engine,
        a,
        g);
  }

  private static int[] ones(int count) {
    int[] ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private void requireOneArcPerPair(int[] rowStart, int[] engine) {
    int[] seenBy = new int[engines];
    for (int c = 0; c < commodities; c++) {
      for (int i = rowStart[c]; i < rowStart[c + 1]; i++) {
        if (seenBy[engine[i]] == c + 1) {
          throw new IllegalArgumentException(
              "commodity " + c + " has two arcs to engine " + engine[i] + "; merge them");
        }
        seenBy[engine[i]] = c + 1;
      }
    }
  }

  static void requireRate(double rate) {
    require(rate >= 0 && Double.isFinite(rate), "a rate must not be negative", rate);
  }

  private static void require(boolean holds, String rule, double value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", is " + value);
    }
  }
}
