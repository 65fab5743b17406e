package io.weir.routing.plan;

import io.weir.routing.engine.RequestShape;
import io.weir.routing.weights.FlowProblem;
import io.weir.routing.weights.FlowProblemBuilder;
import java.util.List;

/** Puts a pool's numbers into a flow problem. Arguments as in {@link PoolProblem}. */
record FlowAssembly(
    PlanInputs inputs,
    List<Ramp> ramps,
    List<EngineSpeed> speeds,
    List<List<Distance>> distances,
    List<Commodity> commodities,
    List<Integer> columns) {
  /** Slope of the congestion curve at a load of 0.95, over n: no plan is to go beyond. */
  private static final double STEEPEST = 1 / (0.05 * 0.05);

  private static final double SECONDS_PER_HOUR = 3600;

  FlowProblem build() {
    FlowProblemBuilder flow = FlowProblem.builder();
    double[] n = new double[columns.size()];
    for (int column = 0; column < n.length; column++) {
      n[column] = curve(columns.get(column), flow);
    }
    for (int c = 0; c < commodities.size(); c++) {
      commodity(c, n, flow);
    }
    return flow.build();
  }

  /**
   * Adds an engine. Its congestion curve {@code n·rho/(1 − rho)} counts the requests in it: by
   * Little's law at low load n·rho is rate times the time from start to end, so n is that time over
   * the work, both of the mean request. Its prior is the rate of such requests that it can take.
   */
  private double curve(int engine, FlowProblemBuilder flow) {
    double idle = 0;
    double work = 0;
    double rate = 0;
    for (Commodity commodity : commodities) {
      RequestShape shape = commodity.shape(ramps.get(engine).factor());
      idle += commodity.rate() * speeds.get(engine).idleSeconds(shape);
      work += commodity.rate() * speeds.get(engine).plannedWorkSeconds(shape);
      rate += commodity.rate();
    }
    double n = idle / work;
    flow.engine(n, rate / work);
    return n;
  }

  private void commodity(int index, double[] n, FlowProblemBuilder flow) {
    Commodity commodity = commodities.get(index);
    PlanPolicy policy = inputs.policy();
    double[] work = new double[n.length];
    double[] geography = new double[n.length];
    double ceiling = Double.MAX_VALUE;
    for (int column = 0; column < n.length; column++) {
      int engine = columns.get(column);
      RequestShape shape = commodity.shape(ramps.get(engine).factor());
      work[column] = speeds.get(engine).plannedWorkSeconds(shape);
      geography[column] =
          Geography.seconds(
                  distances.get(commodity.source()).get(engine), shape.outputTokens(), policy)
              + computeSeconds(engine, shape);
      ceiling = Math.min(ceiling, geography[column] + work[column] * n[column] * STEEPEST);
    }
    int added =
        flow.commodity(
            commodity.rate(), bounded(policy.shed().seconds(commodity.requestClass()), ceiling));
    for (int column = 0; column < n.length; column++) {
      flow.arc(added, column, work[column], geography[column]);
    }
  }

  /** What the engine's time costs, as delay. */
  private double computeSeconds(int engine, RequestShape shape) {
    double dollars =
        inputs.engines().get(engine).spec().getPricePerHour()
            * speeds.get(engine).workSeconds(shape)
            / SECONDS_PER_HOUR;
    return inputs.policy().dollarWeight() * dollars;
  }

  /**
   * A class is shed before an engine would be planned beyond a load of 0.95, above which the curve
   * is only continued. Classes keep their order.
   */
  private static double bounded(double shedPrice, double ceiling) {
    return ceiling * shedPrice / (ceiling + shedPrice);
  }
}
