package io.weir.routing.plan;

import io.weir.routing.engine.EngineCalibrator;
import io.weir.routing.engine.EngineModel;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.engine.Work;
import io.weir.schemas.CalibrationState;
import io.weir.schemas.EngineSample;
import io.weir.schemas.PlanState;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One source, simulated engines, telemetry, calibration, demand estimate and planning in virtual
 * time: requests are drawn by the weights and nothing else.
 */
final class ClosedLoop {
  private static final EngineProfile H100 = EngineProfiles.named("h100-llama-3-8b").orElseThrow();
  private static final int PROMPT = 1000;
  private static final int OUTPUT = 200;
  private static final long MILLI = 1_000_000L;

  /** Age of telemetry when the planner sees it. */
  private final long delayMillis;

  private final Random random;
  private final List<Simulated> engines = new ArrayList<>();
  private final WeightPlanner planner = new WeightPlanner();
  private final DemandEstimator estimator = new DemandEstimator(Pools.POLICY.demand());
  private final EngineCalibrator calibrator = new EngineCalibrator(Pools.POLICY.calibration());
  private io.weir.schemas.DemandState demand = DemandEstimator.initial(Pools.START);
  private PlanState memory = WeightPlanner.initial("chat");
  private double[] weights;
  long millis;
  double perSecond;

  ClosedLoop(int count, double perSecond, long delayMillis, long seed) {
    this.delayMillis = delayMillis;
    this.perSecond = perSecond;
    this.random = new Random(seed);
    for (int i = 0; i < count; i++) {
      engines.add(new Simulated("e" + i));
    }
    this.weights = new double[count];
    Arrays.fill(weights, 1.0 / count);
  }

  void slowDown(int engine, double factor) {
    engines.get(engine).model.slowDown(factor);
  }

  double weight(int engine) {
    return weights[engine];
  }

  /** Requests per second that are estimated now. */
  double planned() {
    return estimator
        .rate(demand, "east", "chat", RequestClass.STANDARD, Pools.START + millis)
        .perSecond();
  }

  CalibrationState calibration(int engine) {
    return engines.get(engine).calibration;
  }

  /** Runs for so many seconds; says each engine's weight at the end of each. */
  List<double[]> run(int seconds) {
    List<double[]> history = new ArrayList<>();
    for (int s = 0; s < seconds; s++) {
      second();
      history.add(weights.clone());
    }
    return history;
  }

  private void second() {
    long end = millis + 1000;
    double at = millis;
    while ((at += -Math.log(1 - random.nextDouble()) / perSecond * 1e3) < end) {
      long nanos = (long) (at * MILLI);
      engines.forEach(engine -> engine.advance(nanos));
      engines.get(draw()).submit(nanos);
      demand = estimator.offered(demand, Pools.START + (long) at, PROMPT, OUTPUT);
    }
    millis = end;
    for (Simulated engine : engines) {
      engine.advance(end * MILLI);
      engine.sample();
    }
    if (millis % 2000 == 0) {
      plan();
    }
  }

  private int draw() {
    double u = random.nextDouble();
    int engine = 0;
    while (engine < weights.length - 1 && (u -= weights[engine]) >= 0) {
      engine++;
    }
    return engine;
  }

  private void plan() {
    long now = Pools.START + millis;
    DemandRate rate = estimator.rate(demand, "east", "chat", RequestClass.STANDARD, now);
    PlanInputs inputs =
        new PlanInputs(
            "chat",
            engines.stream().map(Simulated::state).toList(),
            List.of(Pools.EAST),
            Geography.unknown(),
            List.of(rate),
            Pools.POLICY,
            1,
            now);
    Plan plan = planner.plan(inputs, memory);
    memory = plan.memory();
    for (RoutingWeights table : plan.publish()) {
      for (int e = 0; e < weights.length; e++) {
        weights[e] = Pools.weight(table, "e" + e);
      }
    }
  }

  private final class Simulated {
    final String id;
    final EngineModel<long[]> model = new EngineModel<>(H100);
    final List<EngineSample> samples = new ArrayList<>();
    CalibrationState calibration = EngineCalibrator.initial();
    Optional<EngineSample> seen = Optional.empty();
    long prompts;
    long tokens;
    long requests;
    double gaps;
    long gapCount;

    Simulated(String id) {
      this.id = id;
    }

    void submit(long nanos) {
      model.submit(nanos, new long[1], Work.unshared(PROMPT, OUTPUT));
    }

    void advance(long nanos) {
      while (model.iterationEnd() <= nanos) {
        long end = model.iterationEnd();
        model.endIteration(
            (request, count, last) -> {
              tokens++;
              if (count == 1) {
                prompts += PROMPT;
              } else {
                gaps += (end - request[0]) / 1e6;
                gapCount++;
              }
              request[0] = end;
              requests += last ? 1 : 0;
            });
      }
    }

    /** Telemetry of now; the calibrator learns from what is old enough to have arrived. */
    void sample() {
      EngineSample.Builder sample =
          EngineSample.newBuilder()
              .setEngine(id)
              .setOwner("c")
              .setOwnerEpoch(1)
              .setSequence(samples.size())
              .setAt(Instant.ofEpochMilli(Pools.START + millis))
              .setUp(true)
              .setRunning(model.signals().running())
              .setWaiting(model.signals().waiting())
              .setPromptTokens(prompts)
              .setGenerationTokens(tokens)
              .setRequests(requests);
      if (gapCount > 0) {
        sample.setTpotMillis(gaps / gapCount);
      }
      gaps = 0;
      gapCount = 0;
      samples.add(sample.build());
      int old = samples.size() - 1 - (int) (delayMillis / 1000);
      if (old >= 0) {
        seen = Optional.of(samples.get(old));
        calibration = calibrator.observe(calibration, samples.get(old), H100);
      }
    }

    EngineState state() {
      return new EngineState(
          Pools.spec(id, Pools.EAST.region(), "h100-llama-3-8b", 1),
          seen,
          Optional.of(calibration),
          true);
    }
  }
}
