package io.weir.routing.plan;

import io.weir.routing.weights.Solution;
import io.weir.routing.weights.SolverOptions;
import io.weir.routing.weights.WeightSolver;
import io.weir.schemas.PlanState;
import io.weir.schemas.PlannedEngine;
import io.weir.schemas.RoutingWeights;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans one pool's weights, round by round: solves the flow problem of now, starting from the last
 * round's prices, holds the published tables against the answer, and publishes where moving pays.
 *
 * <p>Pure and without state of its own: the same inputs and memory give the same plan. To be called
 * every {@link PlanPolicy#interval}, and soon after an engine's health or drain has changed; more
 * often does no harm.
 */
public final class WeightPlanner {
  /** What is remembered before the first round. */
  public static PlanState initial(String pool) {
    return PlanState.newBuilder()
        .setPool(pool)
        .setEpoch(0)
        .setVersion(0)
        .setPublishedAt(Instant.EPOCH)
        .setEngines(List.of())
        .setTables(List.of())
        .setPlans(0)
        .setUncertified(0)
        .build();
  }

  /**
   * One round.
   *
   * @param memory of the last one, or {@link #initial}
   */
  public Plan plan(PlanInputs inputs, PlanState memory) {
    PoolProblem problem = PoolProblem.of(inputs, memory);
    Solution solution =
        new WeightSolver(
                SolverOptions.DEFAULTS.withTauSeconds(inputs.policy().tau().toNanos() / 1e9))
            .solve(problem.flow(), problem.warmPrices(memory));
    double[] shed = SourceWeights.shed(solution);
    SourceWeights goal =
        Exploration.added(
            SourceWeights.of(problem, solution), problem, SourceWeights.served(problem, shed));
    boolean certified = solution.certificate().gap() <= inputs.policy().maxGap();
    Move move = Move.decide(problem, InForce.of(problem, memory), goal, certified, shed, memory);
    boolean published = move.reason() != PublishReason.NONE;
    List<RoutingWeights> tables =
        published
            ? new TableWriter(problem, solution, move, memory.getVersion() + 1).tables()
            : List.of();
    return new Plan(
        tables,
        remembered(problem, solution, certified, tables, memory),
        move.reason(),
        PlanRecords.inputs(problem));
  }

  private static PlanState remembered(
      PoolProblem problem,
      Solution solution,
      boolean certified,
      List<RoutingWeights> tables,
      PlanState before) {
    boolean published = !tables.isEmpty();
    return PlanState.newBuilder()
        .setPool(before.getPool())
        .setEpoch(published ? problem.inputs().epoch() : before.getEpoch())
        .setVersion(before.getVersion() + (published ? 1 : 0))
        .setPublishedAt(
            published
                ? Instant.ofEpochMilli(problem.inputs().nowMillis())
                : before.getPublishedAt())
        .setEngines(engines(problem, solution, certified, before))
        .setTables(published ? tables : before.getTables())
        .setPlans(before.getPlans() + 1)
        .setUncertified(before.getUncertified() + (certified ? 0 : 1))
        .build();
  }

  private static List<PlannedEngine> engines(
      PoolProblem problem, Solution solution, boolean certified, PlanState before) {
    Map<String, PlannedEngine> past = new HashMap<>();
    before.getEngines().forEach(engine -> past.put(engine.getEngine(), engine));
    Instant now = Instant.ofEpochMilli(problem.inputs().nowMillis());
    List<PlannedEngine> engines = new ArrayList<>();
    int column = 0;
    for (int e = 0; e < problem.inputs().engines().size(); e++) {
      String id = problem.inputs().engines().get(e).id();
      Optional<PlannedEngine> last = Optional.ofNullable(past.get(id));
      Optional<Eligibility.Exclusion> excluded = problem.eligibility().excluded().get(e);
      double price = last.map(PlannedEngine::getPrice).orElse(0.0);
      if (excluded.isEmpty()) {
        price = certified ? solution.price(column) : price;
        column++;
      }
      engines.add(
          PlannedEngine.newBuilder()
              .setEngine(id)
              .setPrice(price)
              .setExcluded(excluded.map(Eligibility.Exclusion::label).orElse(null))
              .setExcludedAt(
                  excluded
                      .map(why -> last.flatMap(PlannedEngine::getExcludedAt).orElse(now))
                      .orElse(null))
              .setRampFrom(excluded.isEmpty() ? problem.ramps().get(e).from().orElse(null) : null)
              .build());
    }
    return engines;
  }
}
