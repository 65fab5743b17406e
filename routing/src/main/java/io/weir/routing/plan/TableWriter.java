package io.weir.routing.plan;

import io.weir.routing.engine.RequestShape;
import io.weir.routing.engine.SteadyState;
import io.weir.routing.weights.FlowProblem;
import io.weir.routing.weights.Solution;
import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.WeightCertificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes weights and the numbers that explain them into tables.
 *
 * <p>Weights, loads and allotments are those of the tables; prices, shedding and the certificate
 * are those of the optimum the tables go towards.
 */
final class TableWriter {
  private final PoolProblem problem;
  private final Solution solution;
  private final Move move;
  private final long version;
  private final double[] shed;
  private final double[] loads;
  private final double[] priors;
  private final List<EngineOutlook> outlooks;

  TableWriter(PoolProblem problem, Solution solution, Move move, long version) {
    this.problem = problem;
    this.solution = solution;
    this.move = move;
    this.version = version;
    this.shed = SourceWeights.shed(solution);
    this.loads = move.weights().loads(problem, shed);
    this.priors = problem.priors();
    this.outlooks =
        IntStream.range(0, problem.columns().size())
            .mapToObj(column -> EngineOutlook.of(problem, column, loads[column]))
            .toList();
  }

  /** One table a source, in their order. */
  List<RoutingWeights> tables() {
    PlanInputs inputs = problem.inputs();
    String digest = InputsDigest.of(problem);
    List<String> stale = StaleInputs.of(problem);
    WeightCertificate certificate =
        WeightCertificate.newBuilder()
            .setObjective(solution.certificate().objective())
            .setLowerBound(solution.certificate().lowerBound())
            .setGap(solution.certificate().gap())
            .build();
    return IntStream.range(0, inputs.sources().size())
        .mapToObj(
            s ->
                RoutingWeights.newBuilder()
                    .setSource(inputs.sources().get(s).source())
                    .setPool(inputs.pool())
                    .setEpoch(inputs.epoch())
                    .setVersion(version)
                    .setAt(Instant.ofEpochMilli(inputs.nowMillis()))
                    .setIntervalMillis(inputs.policy().heartbeat().toMillis())
                    .setReason(move.reason().label())
                    .setTau(inputs.policy().tau().toNanos() / 1e9)
                    .setEngines(engines(s))
                    .setClasses(classes(s))
                    .setCertificate(certificate)
                    .setInputsDigest(digest)
                    .setStaleInputs(stale)
                    .build())
        .toList();
  }

  private List<ClassPlan> classes(int source) {
    List<ClassPlan> classes = new ArrayList<>();
    FlowProblem flow = problem.flow();
    for (int c = 0; c < flow.commodities(); c++) {
      if (problem.commodities().get(c).source() == source) {
        double mu = solution.mu(c);
        classes.add(
            ClassPlan.newBuilder()
                .setRequestClass(problem.commodities().get(c).requestClass())
                .setDemand(flow.rate(c))
                .setShed(shed[c])
                .setPrice(Double.isFinite(mu) ? mu : flow.shedPriceSeconds(c))
                .setShedPrice(flow.shedPriceSeconds(c))
                .build());
      }
    }
    return classes;
  }

  private List<EngineWeight> engines(int source) {
    double[] work = mean(source, Term.WORK);
    double[] geography = mean(source, Term.GEOGRAPHY);
    double best =
        IntStream.range(0, work.length)
            .mapToDouble(column -> geography[column] + work[column] * solution.price(column))
            .min()
            .orElse(0);
    double served = SourceWeights.served(problem, shed)[source];
    List<EngineWeight> engines = new ArrayList<>();
    int column = 0;
    for (int e = 0; e < problem.inputs().engines().size(); e++) {
      if (problem.eligibility().eligible(e)) {
        double weight = move.weights().row(source)[column];
        double reduced = geography[column] + work[column] * solution.price(column) - best;
        engines.add(
            engine(e)
                .setWeight(weight)
                .setAllotment(allotment(source, e, column, weight * served))
                .setPrior(priors[column])
                .setPrice(solution.price(column))
                .setWork(work[column])
                .setGeography(geography[column])
                .setReducedCost(Math.max(0, reduced))
                .setLoad(loads[column])
                .setPriceSlope(outlooks.get(column).priceSlope())
                .setTpotMillis(outlooks.get(column).tpotMillis())
                .build());
        column++;
      } else {
        engines.add(engine(e).build());
      }
    }
    return engines;
  }

  /** An engine without traffic, and why. */
  private EngineWeight.Builder engine(int index) {
    EngineSpeed speed = problem.speeds().get(index);
    SteadyState closed = speed.closed(problem.meanShape(index));
    return EngineWeight.newBuilder()
        .setEngine(problem.inputs().engines().get(index).id())
        .setWeight(0)
        .setAllotment(0)
        .setPrior(0)
        .setPrice(0)
        .setWork(speed.plannedWorkSeconds(problem.meanShape(index)))
        .setGeography(0)
        .setReducedCost(0)
        .setLoad(0)
        .setPriceSlope(0)
        .setTpotMillis(closed.alpha())
        .setAlpha(closed.alpha())
        .setBeta(closed.beta())
        .setGamma(closed.gamma())
        .setCapacityFactor(speed.capacityFactor())
        .setExcluded(
            problem.eligibility().excluded().get(index).map(why -> why.label()).orElse(null));
  }

  /**
   * Little's law: rate times time from dispatch to end, and the square root of that on top, since
   * the number in flight varies like a Poisson variable. Never less than one request.
   */
  private double allotment(int source, int engine, int column, double rate) {
    if (!(rate > 0)) {
      return 0;
    }
    double seconds =
        problem.distances().get(source).get(engine).rttSeconds()
            + outlooks.get(column).latencySeconds();
    double mean = rate * seconds;
    return Math.max(1, mean + Math.sqrt(mean));
  }

  private enum Term {
    WORK,
    GEOGRAPHY
  }

  /** Mean over a source's classes, by column. */
  private double[] mean(int source, Term term) {
    FlowProblem flow = problem.flow();
    double[] sum = new double[problem.columns().size()];
    double rate = 0;
    for (int c = 0; c < flow.commodities(); c++) {
      if (problem.commodities().get(c).source() == source) {
        rate += flow.rate(c);
        for (int column = 0; column < sum.length; column++) {
          int arc = flow.firstArc(c) + column;
          sum[column] +=
              flow.rate(c)
                  * (term == Term.WORK ? flow.workSeconds(arc) : flow.geographySeconds(arc));
        }
      }
    }
    for (int column = 0; column < sum.length; column++) {
      sum[column] /= rate;
    }
    return sum;
  }

  /**
   * What is to be expected of an engine under the tables.
   *
   * @param latencySeconds of the mean request from start to end
   * @param tpotMillis per output token
   * @param priceSlope of the price in the load
   */
  private record EngineOutlook(double latencySeconds, double tpotMillis, double priceSlope) {
    /** Up to here the closed form is used; an engine beyond is planned to be left. */
    private static final double FULL = 0.95;

    static EngineOutlook of(PoolProblem problem, int column, double load) {
      int engine = problem.columns().get(column);
      EngineSpeed speed = problem.speeds().get(engine);
      RequestShape mean = problem.meanShape(engine);
      // Caution and batch limits are in the planned load, but not in how fast an engine runs.
      double part = speed.workSeconds(mean) / speed.plannedWorkSeconds(mean);
      double rho = Math.min(FULL, load * part);
      double room = 1 - Math.min(FULL, load);
      return new EngineOutlook(
          speed.idleSeconds(mean) / (1 - rho),
          speed.closed(mean).tpotMillis(rho),
          2 * problem.flow().occupancy(column) / (room * room * room));
    }
  }
}
