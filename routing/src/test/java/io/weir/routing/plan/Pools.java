package io.weir.routing.plan;

import io.weir.routing.config.Configs;
import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.engine.EngineTimings;
import io.weir.schemas.CalibrationState;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.GeoLink;
import io.weir.schemas.MetricsDialect;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pools to plan for: H100s and A100s with an 8B model, in two regions, for two sources. */
final class Pools {
  static final PlanPolicy POLICY = Configs.defaults(PlanPolicy.class);
  static final long START = 1_000_000_000L;
  static final double PROMPT = 1000;
  static final double OUTPUT = 200;
  static final SourceRegion EAST = new SourceRegion("east", "r-east");
  static final SourceRegion WEST = new SourceRegion("west", "r-west");

  private Pools() {}

  static EngineSpec spec(String id, String region, String profile, double confidence) {
    return spec(id, region, profile, confidence, false);
  }

  private static EngineSpec spec(
      String id, String region, String profile, double confidence, boolean draining) {
    return EngineSpec.newBuilder()
        .setId(id)
        .setUrl("http://" + id + ":8000")
        .setPool("chat")
        .setRegion(region)
        .setWeight(1)
        .setMaxInFlight(64)
        .setTiming(EngineTimings.timing(EngineProfiles.named(profile).orElseThrow(), confidence))
        .setPricePerHour(0)
        .setDialect(MetricsDialect.VLLM)
        .setDraining(draining)
        .build();
  }

  static EngineState engine(String id, String region) {
    return engine(spec(id, region, "h100-llama-3-8b", 1));
  }

  static EngineState engine(EngineSpec spec) {
    return new EngineState(spec, Optional.empty(), Optional.empty(), true);
  }

  static EngineState sampled(EngineState engine, long at, boolean up) {
    EngineSample sample =
        EngineSample.newBuilder()
            .setEngine(engine.id())
            .setOwner("c")
            .setOwnerEpoch(1)
            .setSequence(0)
            .setAt(Instant.ofEpochMilli(at))
            .setUp(up)
            .build();
    return new EngineState(
        engine.spec(), Optional.of(sample), engine.calibration(), engine.healthy());
  }

  static EngineState draining(EngineState engine, boolean draining) {
    EngineSpec spec =
        spec(
            engine.id(),
            engine.spec().getRegion(),
            engine.spec().getTiming().getProfile(),
            engine.spec().getTiming().getConfidence(),
            draining);
    return new EngineState(spec, engine.sample(), engine.calibration(), engine.healthy());
  }

  static EngineState calibrated(EngineState engine, CalibrationState calibration) {
    return new EngineState(
        engine.spec(), engine.sample(), Optional.of(calibration), engine.healthy());
  }

  /** {@code perRegion} engines in each of the two regions, east first. */
  static List<EngineState> engines(int perRegion) {
    List<EngineState> engines = new ArrayList<>();
    for (int i = 0; i < perRegion; i++) {
      engines.add(engine("e" + i, EAST.region()));
    }
    for (int i = 0; i < perRegion; i++) {
      engines.add(engine("w" + i, WEST.region()));
    }
    return engines;
  }

  static DemandRate demand(SourceRegion source, double perSecond, long at) {
    return demand(source, RequestClass.STANDARD, perSecond, at);
  }

  static DemandRate demand(
      SourceRegion source, RequestClass requestClass, double perSecond, long at) {
    return new DemandRate(
        source.source(), "chat", requestClass, perSecond, 0, PROMPT, OUTPUT, 0, at);
  }

  static Geography geography() {
    return Geography.of(
        List.of(
            GeoLink.newBuilder()
                .setFrom(EAST.region())
                .setTo(WEST.region())
                .setRttMillis(70)
                .setEgressPerGb(0.09)
                .setMeasured(false)
                .setAt(Instant.ofEpochMilli(START))
                .build()));
  }

  static PlanInputs inputs(List<EngineState> engines, List<DemandRate> demand, long now) {
    return new PlanInputs(
        "chat", engines, List.of(EAST, WEST), geography(), demand, POLICY, 7, now);
  }

  /** Requests per second that one H100 takes when full. */
  static double capacity() {
    EngineSpeed speed = EngineSpeed.of(engine("x", "r"), 1, POLICY);
    return 1
        / speed.plannedWorkSeconds(io.weir.routing.engine.RequestShape.uncached(PROMPT, OUTPUT));
  }

  static double weight(RoutingWeights table, String engine) {
    return row(table, engine).getWeight();
  }

  static EngineWeight row(RoutingWeights table, String engine) {
    return table.getEngines().stream()
        .filter(e -> e.getEngine().equals(engine))
        .findFirst()
        .orElseThrow();
  }
}
