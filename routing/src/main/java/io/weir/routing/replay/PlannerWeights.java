package io.weir.routing.replay;

import io.weir.routing.config.Configs;
import io.weir.routing.engine.EngineCalibrator;
import io.weir.routing.engine.EngineTimings;
import io.weir.routing.plan.DemandEstimator;
import io.weir.routing.plan.DemandRate;
import io.weir.routing.plan.EngineState;
import io.weir.routing.plan.Geography;
import io.weir.routing.plan.Plan;
import io.weir.routing.plan.PlanInputs;
import io.weir.routing.plan.PlanPolicy;
import io.weir.routing.plan.SourceRegion;
import io.weir.routing.plan.WeightPlanner;
import io.weir.schemas.CalibrationState;
import io.weir.schemas.DemandState;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.GeoLink;
import io.weir.schemas.MetricsDialect;
import io.weir.schemas.PlanState;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.TokenUsage;
import io.weir.schemas.TrustedRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights as the job plans them: the same demand estimate, calibration, planner and solver, fed
 * with the run's arrivals, answers and samples.
 */
final class PlannerWeights implements PlannedWeights {
  private static final String POOL = "replayed";

  /** What is expected of an answer before any has come. */
  private static final int UNKNOWN_OUTPUT = 256;

  private final ReplayScenario scenario;
  private final WeightPlanner planner = new WeightPlanner();
  private final PlanPolicy policy;
  private final DemandEstimator demand;
  private final EngineCalibrator calibrator;
  private final Geography geography;
  private final List<EngineSpec> specs;
  private final PlannedWeights untilPlanned;
  private final List<DemandState> demands = new ArrayList<>();
  private final List<CalibrationState> calibrations = new ArrayList<>();
  private final List<Optional<EngineSample>> samples = new ArrayList<>();
  private final Map<String, Integer> indexOf = new HashMap<>();
  private final Map<Integer, RoutingWeights> tables = new HashMap<>();
  private final double[][] shares;
  private PlanState memory = WeightPlanner.initial(POOL);

  PlannerWeights(ReplayScenario scenario, PlannedWeights untilPlanned) {
    TrustedRecords.install();
    this.scenario = scenario;
    this.untilPlanned = untilPlanned;
    this.policy =
        Configs.with(
            PlanPolicy.class,
            Map.of("interval", scenario.settings().solveInterval().toMillis() + "ms"));
    this.demand = new DemandEstimator(policy.demand());
    this.calibrator = new EngineCalibrator(policy.calibration());
    this.specs = scenario.engines().stream().map(PlannerWeights::spec).toList();
    this.geography = Geography.of(links(scenario));
    this.shares = new double[scenario.sources().size()][];
    for (int s = 0; s < shares.length; s++) {
      shares[s] = untilPlanned.shares(s).clone();
      demands.add(DemandEstimator.initial(VirtualTime.millis(0)));
    }
    for (int e = 0; e < specs.size(); e++) {
      indexOf.put(specs.get(e).getId(), e);
      calibrations.add(EngineCalibrator.initial());
      samples.add(Optional.empty());
    }
  }

  private static EngineSpec spec(ReplayEngine engine) {
    return EngineSpec.newBuilder()
        .setId(engine.id())
        .setUrl("http://" + engine.id())
        .setPool(POOL)
        .setRegion(engine.region())
        .setWeight(1)
        .setMaxInFlight(engine.profile().maxNumSeqs())
        .setTiming(EngineTimings.timing(engine.profile(), 1))
        .setPricePerHour(0)
        .setDialect(MetricsDialect.VLLM)
        .setDraining(false)
        .build();
  }

  private static List<GeoLink> links(ReplayScenario scenario) {
    List<GeoLink> links = new ArrayList<>();
    for (ReplaySource source : scenario.sources()) {
      for (ReplayEngine engine : scenario.engines()) {
        links.add(
            GeoLink.newBuilder()
                .setFrom(source.region())
                .setTo(engine.region())
                .setRttMillis(scenario.roundTrips().millis(source.region(), engine.region()))
                .setEgressPerGb(0)
                .setMeasured(false)
                .setAt(Instant.EPOCH)
                .build());
      }
    }
    return links;
  }

  @Override
  public double[] shares(int source) {
    return shares[source];
  }

  @Override
  public void apply(int source, List<EngineSeen> engines) {
    RoutingWeights table = tables.get(source);
    if (table == null) {
      untilPlanned.apply(source, engines);
      return;
    }
    String version = table.getEpoch() + "." + table.getVersion();
    for (EngineWeight weight : table.getEngines()) {
      engines.get(indexOf.get(weight.getEngine())).planned(weight, version);
    }
  }

  @Override
  public void arrived(LiveRequest request, long now) {
    // Prompts are estimated well; of answers only the mean of earlier ones is known.
    demands.set(
        request.source,
        demand.offered(
            demands.get(request.source),
            VirtualTime.millis(now),
            request.trace.promptTokens(),
            UNKNOWN_OUTPUT));
  }

  @Override
  public void finished(LiveRequest request, long now, int cachedTokens) {
    demands.set(
        request.source,
        demand.finished(
            demands.get(request.source),
            VirtualTime.millis(now),
            TokenUsage.newBuilder()
                .setPromptTokens(request.trace.promptTokens())
                .setCachedPromptTokens(cachedTokens)
                .setCompletionTokens(request.trace.outputTokens())
                .setEstimated(false)
                .build()));
  }

  @Override
  public void sampled(List<EngineSample> newest) {
    for (int e = 0; e < newest.size(); e++) {
      samples.set(e, Optional.of(newest.get(e)));
      calibrations.set(
          e,
          calibrator.observe(
              calibrations.get(e), newest.get(e), scenario.engines().get(e).profile()));
    }
  }

  @Override
  public boolean plan(long now) {
    Plan plan = planner.plan(inputs(VirtualTime.millis(now)), memory);
    memory = plan.memory();
    for (RoutingWeights table : plan.publish()) {
      int source = source(table.getSource());
      tables.put(source, table);
      Arrays.fill(shares[source], 0);
      for (EngineWeight weight : table.getEngines()) {
        shares[source][indexOf.get(weight.getEngine())] = weight.getWeight();
      }
    }
    return !plan.publish().isEmpty();
  }

  private PlanInputs inputs(long nowMillis) {
    List<EngineState> engines = new ArrayList<>();
    for (int e = 0; e < specs.size(); e++) {
      engines.add(
          new EngineState(specs.get(e), samples.get(e), Optional.of(calibrations.get(e)), true));
    }
    List<SourceRegion> sources = new ArrayList<>();
    List<DemandRate> rates = new ArrayList<>();
    for (int s = 0; s < demands.size(); s++) {
      ReplaySource source = scenario.sources().get(s);
      sources.add(new SourceRegion(source.name(), source.region()));
      rates.add(demand.rate(demands.get(s), source.name(), POOL, RequestClass.STANDARD, nowMillis));
    }
    return new PlanInputs(POOL, engines, sources, geography, rates, policy, 1, nowMillis);
  }

  private int source(String name) {
    for (int s = 0; s < scenario.sources().size(); s++) {
      if (scenario.sources().get(s).name().equals(name)) {
        return s;
      }
    }
    throw new IllegalStateException("the plan has a source that is not there: " + name);
  }
}
