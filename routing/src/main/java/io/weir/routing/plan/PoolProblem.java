package io.weir.routing.plan;

import io.weir.routing.engine.RequestShape;
import io.weir.routing.weights.FlowProblem;
import io.weir.schemas.PlanState;
import io.weir.schemas.PlannedEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One pool's planning problem: every commodity to every eligible engine. Engines are counted as in
 * the inputs; the flow problem has only the eligible ones, as columns in the same order.
 *
 * @param ramps one an engine
 * @param speeds one an engine
 * @param distances by source and engine
 * @param commodities in the order of the flow problem
 * @param columns engine of each column
 * @param flow the problem to solve
 */
record PoolProblem(
    PlanInputs inputs,
    Eligibility eligibility,
    List<Ramp> ramps,
    List<EngineSpeed> speeds,
    List<List<Distance>> distances,
    List<Commodity> commodities,
    List<Integer> columns,
    FlowProblem flow) {
  /** Part of a pool's capacity that is planned for where there is no demand. */
  private static final double TRACE = 1e-3;

  static PoolProblem of(PlanInputs inputs, PlanState memory) {
    Eligibility eligibility = Eligibility.of(inputs);
    Map<String, PlannedEngine> before = new HashMap<>();
    memory.getEngines().forEach(engine -> before.put(engine.getEngine(), engine));
    List<Ramp> ramps = new ArrayList<>();
    List<EngineSpeed> speeds = new ArrayList<>();
    for (EngineState engine : inputs.engines()) {
      Ramp ramp = Ramp.of(engine, Optional.ofNullable(before.get(engine.id())), inputs);
      ramps.add(ramp);
      speeds.add(EngineSpeed.of(engine, ramp.factor(), inputs.policy()));
    }
    List<Integer> columns =
        IntStream.range(0, speeds.size()).filter(eligibility::eligible).boxed().toList();
    RequestShape usual = RequestShape.uncached(512, 128);
    double capacity =
        columns.stream().mapToDouble(e -> 1 / speeds.get(e).plannedWorkSeconds(usual)).sum();
    List<Commodity> commodities =
        Commodities.of(inputs, TRACE * capacity / Math.max(1, inputs.sources().size()));
    List<List<Distance>> distances = distances(inputs);
    return new PoolProblem(
        inputs,
        eligibility,
        List.copyOf(ramps),
        List.copyOf(speeds),
        distances,
        commodities,
        columns,
        new FlowAssembly(inputs, ramps, speeds, distances, commodities, columns).build());
  }

  /** The previous plan's prices, where there are any. */
  Optional<double[]> warmPrices(PlanState memory) {
    if (memory.getEngines().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Double> prices = new HashMap<>();
    memory.getEngines().forEach(e -> prices.put(e.getEngine(), e.getPrice()));
    return Optional.of(
        columns.stream()
            .mapToDouble(e -> prices.getOrDefault(inputs.engines().get(e).id(), Double.NaN))
            .toArray());
  }

  /** Share of the pool's capacity that each column has; they sum to one. */
  double[] priors() {
    double[] capacity = IntStream.range(0, columns.size()).mapToDouble(flow::capacity).toArray();
    double sum = Arrays.stream(capacity).sum();
    return Arrays.stream(capacity).map(c -> c / sum).toArray();
  }

  /** The mean request of all the pool's traffic as a column's engine sees it. */
  RequestShape meanShape(int engine) {
    RequestShape mean = Commodities.mean(commodities);
    return new RequestShape(
        mean.promptTokens(), mean.cachedTokens() * ramps.get(engine).factor(), mean.outputTokens());
  }

  private static List<List<Distance>> distances(PlanInputs inputs) {
    return inputs.sources().stream()
        .map(
            source ->
                inputs.engines().stream()
                    .map(
                        engine ->
                            inputs
                                .geography()
                                .distance(
                                    source,
                                    engine.id(),
                                    engine.spec().getRegion(),
                                    inputs.policy(),
                                    inputs.nowMillis()))
                    .toList())
        .toList();
  }
}
