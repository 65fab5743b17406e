package io.weir.launcher.view;

import io.weir.schemas.ClassPlan;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineTiming;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.MetricsDialect;
import io.weir.schemas.RequestClass;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.WeightCertificate;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records as the topics have them. */
final class Records {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String POOL = "llama";

  private Records() {}

  static ConsumerRecord<String, SpecificRecord> at(String topic, String key, SpecificRecord value) {
    return new ConsumerRecord<>(topic, 0, 0, key, value);
  }

  static EngineSpec engine(String id) {
    return spec(id).build();
  }

  static EngineSpec.Builder spec(String id) {
    return EngineSpec.newBuilder()
        .setId(id)
        .setUrl("http://127.0.0.1:8001")
        .setPool(POOL)
        .setRegion("local")
        .setWeight(1)
        .setMaxInFlight(64)
        .setTiming(
            EngineTiming.newBuilder()
                .setProfile("h100-llama-3-8b")
                .setT0(5)
                .setA(.01)
                .setC0(1)
                .setG(.02)
                .setDelta(0)
                .setDelta2(0)
                .setOverhead(2)
                .setMaxNumSeqs(256)
                .setMaxNumBatchedTokens(2048)
                .setKvBlocks(1000)
                .setBlockSize(16)
                .setHostBlocks(0)
                .setHostLoadMillis(0)
                .setMaxModelLen(4096)
                .setConfidence(1)
                .build())
        .setPricePerHour(0)
        .setDialect(MetricsDialect.VLLM)
        .setDraining(false);
  }

  static EngineSample.Builder sample(String engine) {
    return EngineSample.newBuilder()
        .setEngine(engine)
        .setOwner("c1")
        .setOwnerEpoch(1)
        .setSequence(0)
        .setAt(NOW)
        .setUp(true)
        .setRunning(7)
        .setKvUsage(.25)
        .setTpotMillis(9.5);
  }

  static EngineWeight weight(String engine, double weight) {
    return EngineWeight.newBuilder()
        .setEngine(engine)
        .setWeight(weight)
        .setAllotment(4)
        .setPrior(.5)
        .setPrice(1.25)
        .setWork(.043)
        .setGeography(.0849)
        .setReducedCost(0)
        .setLoad(.63)
        .setPriceSlope(0)
        .setTpotMillis(11.2)
        .setAlpha(7)
        .setBeta(.01)
        .setGamma(.02)
        .setCapacityFactor(1)
        .build();
  }

  static RoutingWeights table(String source, double demand, EngineWeight... engines) {
    return RoutingWeights.newBuilder()
        .setSource(source)
        .setPool(POOL)
        .setEpoch(1_700_000_000_000L)
        .setVersion(42)
        .setAt(NOW.minusSeconds(3))
        .setIntervalMillis(10_000)
        .setReason("moved")
        .setTau(.01)
        .setEngines(List.of(engines))
        .setClasses(
            List.of(
                ClassPlan.newBuilder()
                    .setRequestClass(RequestClass.STANDARD)
                    .setDemand(demand)
                    .setShed(0)
                    .setPrice(.2)
                    .setShedPrice(600)
                    .build()))
        .setCertificate(new WeightCertificate(1.0, .9998, .0002))
        .setInputsDigest("d")
        .setStaleInputs(List.of("telemetry"))
        .build();
  }
}
