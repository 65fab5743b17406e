package io.weir.routing.plan;

import io.weir.routing.weights.Certificates;
import io.weir.schemas.PlanState;
import java.time.Duration;
import java.util.Arrays;

/**
 * Whether to publish, why, and which weights.
 *
 * @param weights to be in force from now on; those in force already if nothing moves
 */
record Move(PublishReason reason, SourceWeights weights) {
  /** A surge is no reason to move if the best weights would relieve the fullest engine by less. */
  private static final double RELIEF = 0.01;

  /** Timers may be a little early. */
  private static final double PUNCTUALITY = 0.9;

  /**
   * The rules, first that applies:
   *
   * <ol>
   *   <li>a source without a table gets one;
   *   <li>engines that are lost are left at once and whole; if the optimum is not certified, their
   *       traffic goes to the others by capacity;
   *   <li>without a certificate nothing else moves;
   *   <li>engines that are found again, or newly excluded, are said at once;
   *   <li>not sooner than an interval after the last publication: where an engine is nearly full
   *       and the optimum would relieve it, and where moving saves enough;
   *   <li>what has not been said for long is said again.
   * </ol>
   *
   * <p>Where an engine is nearly full and would be relieved, the whole way is gone at once, else a
   * damped step.
   *
   * @param certified whether the goal is near enough to the optimum
   * @param shed requests per second of each commodity that are planned not to be served
   */
  static Move decide(
      PoolProblem problem,
      InForce now,
      SourceWeights goal,
      boolean certified,
      double[] shed,
      PlanState memory) {
    PlanPolicy policy = problem.inputs().policy();
    if (!now.complete()) {
      return certified && goal.sources() > 0
          ? new Move(PublishReason.FIRST, goal)
          : new Move(PublishReason.NONE, now.weights());
    }
    if (now.lost()) {
      return new Move(PublishReason.ELIGIBILITY, certified ? goal : now.withoutLost(problem));
    }
    Duration age =
        Duration.ofMillis(problem.inputs().nowMillis() - memory.getPublishedAt().toEpochMilli());
    if (certified) {
      Pressure pressure = Pressure.of(problem, now.weights(), goal, shed);
      boolean nearlyFull =
          pressure.fullest() > policy.surgeLoad()
              && pressure.fullestAtGoal() < pressure.fullest() - RELIEF;
      SourceWeights next = nearlyFull ? goal : damped(problem, now.weights(), goal, shed);
      boolean due = age.toMillis() >= PUNCTUALITY * policy.interval().toMillis();
      double needed =
          pressure.mean() > policy.busyLoad() ? policy.busyHysteresis() : policy.hysteresis();
      if (now.changed()) {
        return new Move(PublishReason.ELIGIBILITY, next);
      }
      if (due && nearlyFull) {
        return new Move(PublishReason.SURGE, next);
      }
      if (due && pressure.saving() > needed) {
        return new Move(PublishReason.MOVED, next);
      }
    }
    return new Move(
        age.compareTo(policy.heartbeat()) >= 0 ? PublishReason.HEARTBEAT : PublishReason.NONE,
        now.weights());
  }

  /** A step towards the goal, shortened so that no engine's load grows by more than is allowed. */
  private static SourceWeights damped(
      PoolProblem problem, SourceWeights from, SourceWeights goal, double[] shed) {
    PlanPolicy policy = problem.inputs().policy();
    double[] before = from.loads(problem, shed);
    double[] after = goal.loads(problem, shed);
    double step = policy.step();
    for (int column = 0; column < before.length; column++) {
      double growth =
          (after[column] - before[column])
              * problem.speeds().get(problem.columns().get(column)).caution();
      if (growth * step > policy.maxIncrease()) {
        step = policy.maxIncrease() / growth;
      }
    }
    return from.towards(goal, step);
  }

  /**
   * What staying would cost.
   *
   * @param saving part of the cost that the goal would save
   * @param fullest highest load of an engine under the weights in force
   * @param fullestAtGoal the same under the goal
   * @param mean mean load of the engines
   */
  private record Pressure(double saving, double fullest, double fullestAtGoal, double mean) {
    static Pressure of(PoolProblem problem, SourceWeights now, SourceWeights goal, double[] shed) {
      double stay = cost(problem, now, shed);
      double move = cost(problem, goal, shed);
      double[] loads = goal.loads(problem, shed);
      return new Pressure(
          stay > 0 ? (stay - move) / stay : 0,
          Arrays.stream(now.loads(problem, shed)).max().orElse(0),
          Arrays.stream(loads).max().orElse(0),
          Arrays.stream(loads).average().orElse(0));
    }

    /** By the certificate's evaluation of a flow, not by what the solver says of it. */
    private static double cost(PoolProblem problem, SourceWeights weights, double[] shed) {
      return Certificates.of(problem.flow(), weights.arcFlow(problem, shed), shed).objective();
    }
  }
}
