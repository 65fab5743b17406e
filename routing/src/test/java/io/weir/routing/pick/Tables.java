package io.weir.routing.pick;

import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.WeightCertificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.avro.util.ClassSecurityValidator;

/** Tables of weights as a job would publish them. */
final class Tables {
  static final double TAU = 0.01;
  static final long INTERVAL = 10_000;
  private static final double WORK = 0.05;
  private static final double SEQUENCES = 40;

  static {
    trustRecords();
  }

  private Tables() {}

  /** Avro copies and reads only what the process trusts. */
  static void trustRecords() {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            type -> type.getPackageName().equals(EngineWeight.class.getPackageName())));
  }

  /** An engine at some load: price and slope are those of {@code n·rho/(1 − rho)}. */
  static EngineWeight engine(String id, double weight, double prior, double load) {
    double idle = 1 - load;
    return EngineWeight.newBuilder()
        .setEngine(id)
        .setWeight(weight)
        .setAllotment(10)
        .setPrior(prior)
        .setPrice(SEQUENCES / (idle * idle))
        .setWork(WORK)
        .setGeography(0)
        .setReducedCost(0)
        .setLoad(load)
        .setPriceSlope(2 * SEQUENCES / (idle * idle * idle))
        .setTpotMillis(10 / idle)
        .setAlpha(10)
        .setBeta(0.05)
        .setGamma(0.05)
        .setCapacityFactor(1)
        .build();
  }

  static EngineWeight edit(EngineWeight engine, Consumer<EngineWeight.Builder> change) {
    EngineWeight.Builder builder = EngineWeight.newBuilder(engine);
    change.accept(builder);
    return builder.build();
  }

  static RoutingWeights edit(RoutingWeights table, Consumer<RoutingWeights.Builder> change) {
    RoutingWeights.Builder builder = RoutingWeights.newBuilder(table);
    change.accept(builder);
    return builder.build();
  }

  /** The same table with a change to one of its engines. */
  static RoutingWeights edit(
      RoutingWeights table, int engine, Consumer<EngineWeight.Builder> change) {
    List<EngineWeight> engines = new ArrayList<>(table.getEngines());
    engines.set(engine, edit(engines.get(engine), change));
    return edit(table, builder -> builder.setEngines(engines));
  }

  static RoutingWeights table(long epoch, long version, List<EngineWeight> engines) {
    return RoutingWeights.newBuilder()
        .setSource("eu")
        .setPool("llama")
        .setEpoch(epoch)
        .setVersion(version)
        .setAt(Instant.EPOCH)
        .setIntervalMillis(INTERVAL)
        .setReason("moved")
        .setTau(TAU)
        .setEngines(new ArrayList<>(engines))
        .setClasses(List.of(new ClassPlan(RequestClass.STANDARD, 20.0, 0.0, 1.0, 600.0)))
        .setCertificate(new WeightCertificate(1.0, 0.999, 0.001))
        .setInputsDigest("d")
        .setStaleInputs(List.of())
        .build();
  }

  /** A table of equal priors with any weights and loads. */
  static RoutingWeights random(SplittableRandom random) {
    double[] weights = random.doubles(random.nextInt(2, 12), 0.01, 1).toArray();
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    List<EngineWeight> engines = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      double load = random.nextDouble(0.05, 0.96);
      double geography = random.nextDouble(0.1);
      engines.add(
          edit(
              engine("e" + i, weights[i] / sum, 1.0 / weights.length, load),
              engine -> engine.setGeography(geography)));
    }
    return table(1, 1, engines);
  }
}
