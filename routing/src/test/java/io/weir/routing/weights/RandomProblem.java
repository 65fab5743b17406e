package io.weir.routing.weights;

import java.util.Random;

/**
 * A small random problem and variations of it. Half of the pairs are eligible, so that components
 * differ from seed to seed; utilisation is drawn from 0.3 to 1.1, so that some must shed.
 */
final class RandomProblem {
  final int engines;
  final int commodities;
  final double[] occupancy;
  final double[] capacity;
  final double[] rate;
  final double[] shedPrice;
  final double[][] work;
  final double[][] geography;

  RandomProblem(long seed) {
    Random random = new Random(seed);
    engines = 2 + random.nextInt(8);
    commodities = 1 + random.nextInt(8);
    occupancy = random.doubles(engines, 2, 60).toArray();
    capacity = random.doubles(engines, 0.5, 4).toArray();
    shedPrice = random.doubles(commodities, 30, 600).toArray();
    rate = random.doubles(commodities, 0.5, 2).toArray();
    work = new double[commodities][engines];
    geography = new double[commodities][engines];
    double offered = 0;
    for (int c = 0; c < commodities; c++) {
      int certain = random.nextInt(engines);
      for (int e = 0; e < engines; e++) {
        boolean eligible = e == certain || random.nextBoolean();
        work[c][e] = eligible ? (0.05 + 0.3 * random.nextDouble()) / capacity[e] : 0;
        geography[c][e] = 0.3 * random.nextDouble();
      }
      offered += rate[c] * work[c][certain];
    }
    double scale = (0.3 + 0.8 * random.nextDouble()) * engines / offered;
    for (int c = 0; c < commodities; c++) {
      rate[c] *= scale;
    }
  }

  FlowProblem build() {
    return build(1, 1);
  }

  /**
   * The same problem in other units.
   *
   * @param second how many of the new units of time a second has
   * @param request how many of the new units of traffic a request has
   */
  FlowProblem build(double second, double request) {
    return build(1, 1, second, request);
  }

  /** The same problem with every engine, and every commodity, there several times over. */
  FlowProblem build(int engineCopies, int commodityCopies, double second, double request) {
    FlowProblemBuilder builder = FlowProblem.builder();
    for (int copy = 0; copy < engineCopies; copy++) {
      for (int e = 0; e < engines; e++) {
        builder.engine(occupancy[e], capacity[e]);
      }
    }
    for (int copy = 0; copy < commodityCopies; copy++) {
      for (int c = 0; c < commodities; c++) {
        int index =
            builder.commodity(
                rate[c] * engineCopies / commodityCopies * request / second,
                shedPrice[c] * second / request);
        addArcs(builder, index, c, engineCopies, second / request);
      }
    }
    return builder.build();
  }

  private void addArcs(
      FlowProblemBuilder builder, int index, int c, int engineCopies, double unit) {
    for (int copy = 0; copy < engineCopies; copy++) {
      for (int e = 0; e < engines; e++) {
        if (work[c][e] > 0) {
          builder.arc(index, copy * engines + e, work[c][e] * unit, geography[c][e] * unit);
        }
      }
    }
  }

  /** Takes an engine out of every commodity's reach. */
  RandomProblem without(int engine) {
    for (int c = 0; c < commodities; c++) {
      work[c][engine] = 0;
    }
    return this;
  }
}
