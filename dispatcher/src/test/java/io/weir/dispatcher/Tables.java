package io.weir.dispatcher;

import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.engine.EngineTimings;
import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.MetricsDialect;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.WeightCertificate;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables of weights, and engines as their topic tells of them. */
final class Tables {
  private Tables() {}

  /** A table of half-full engines of equal capacity. */
  static RoutingWeights table(String source, long version, Map<String, Double> weights) {
    List<EngineWeight> engines = new ArrayList<>();
    new TreeMap<>(weights)
        .forEach((id, weight) -> engines.add(weight(id, weight, 1.0 / weights.size())));
    return RoutingWeights.newBuilder()
        .setSource(source)
        .setPool(Rig.POOL)
        .setEpoch(1)
        .setVersion(version)
        .setAt(Instant.now())
        .setIntervalMillis(10_000)
        .setReason("test")
        .setTau(0.01)
        .setEngines(engines)
        .setClasses(List.of(new ClassPlan(RequestClass.STANDARD, 10.0, 0.0, 1.0, 600.0)))
        .setCertificate(new WeightCertificate(1.0, 0.999, 0.001))
        .setInputsDigest("digest")
        .setStaleInputs(List.of())
        .build();
  }

  private static EngineWeight weight(String id, double weight, double prior) {
    return EngineWeight.newBuilder()
        .setEngine(id)
        .setWeight(weight)
        .setAllotment(4 * weight)
        .setPrior(prior)
        .setPrice(0.5)
        .setWork(0.05)
        .setGeography(0.01)
        .setReducedCost(weight > 0 ? 0 : 0.02)
        .setLoad(0.5)
        .setPriceSlope(1)
        .setTpotMillis(10)
        .setAlpha(8)
        .setBeta(0.05)
        .setGamma(0.03)
        .setCapacityFactor(1)
        .build();
  }

  /** An engine that is neither draining nor new. */
  static EngineSpec.Builder engine(String id, URI url) {
    return EngineSpec.newBuilder()
        .setId(id)
        .setUrl(url.toString())
        .setPool(Rig.POOL)
        .setRegion("local")
        .setWeight(1)
        .setMaxInFlight(8)
        .setTiming(EngineTimings.timing(EngineProfiles.named("h100-llama-3-8b").orElseThrow(), 1))
        .setPricePerHour(0)
        .setDialect(MetricsDialect.NONE)
        .setDraining(false);
  }
}
