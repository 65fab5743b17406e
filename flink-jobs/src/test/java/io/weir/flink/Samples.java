package io.weir.flink;

import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.engine.EngineTimings;
import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.Attempt;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.Failure;
import io.weir.schemas.GeoLink;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.MetricsDialect;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TokenUsage;
import io.weir.schemas.TrustedRecords;
import java.time.Instant;
import java.util.Map;

/** Records to test with. */
final class Samples {
  static {
    TrustedRecords.install();
  }

  private Samples() {}

  static EngineSpec engine(String id, String pool) {
    return EngineSpec.newBuilder()
        .setId(id)
        .setUrl("http://127.0.0.1:1/" + id)
        .setPool(pool)
        .setRegion("here")
        .setWeight(1)
        .setMaxInFlight(64)
        .setTiming(EngineTimings.timing(EngineProfiles.all().iterator().next(), 1))
        .setPricePerHour(0)
        .setDialect(MetricsDialect.VLLM)
        .setDraining(false)
        .build();
  }

  static EngineSpec draining(EngineSpec spec) {
    return EngineSpec.newBuilder(spec).setDraining(true).build();
  }

  static EngineSample up(String engine, long sequence, long atMillis) {
    return EngineSample.newBuilder()
        .setEngine(engine)
        .setOwner("controller")
        .setOwnerEpoch(1)
        .setSequence(sequence)
        .setAt(Instant.ofEpochMilli(atMillis))
        .setUp(true)
        .setRunning(1)
        .setWaiting(0)
        .build();
  }

  static EngineSample down(String engine, long sequence, long atMillis) {
    return EngineSample.newBuilder(up(engine, sequence, atMillis))
        .setUp(false)
        .setProblem("connection refused")
        .build();
  }

  static GeoLink link(String from, String to, double rttMillis) {
    return new GeoLink(from, to, rttMillis, 0d, false, Instant.EPOCH);
  }

  static LifecycleEvent accepted(String id, long atMillis) {
    return event(id, LifecycleType.ACCEPTED, atMillis)
        .setRequest(
            new AcceptedRequest(
                null,
                new ReplyAddress("weir.responses.eu", 0, 0L),
                "/v1/chat/completions",
                true,
                Instant.ofEpochMilli(atMillis),
                Instant.ofEpochMilli(atMillis + 60_000),
                400,
                100,
                1_000L,
                true,
                null,
                null))
        .build();
  }

  /** Turned away by the ingress. */
  static LifecycleEvent shed(String id, long atMillis) {
    return event(id, LifecycleType.SHED, atMillis).setFailure(failure("overloaded")).build();
  }

  /** Turned away by the ingress, with others that it does not tell of one by one. */
  static LifecycleEvent shedWithOthers(String id, long atMillis, int others) {
    Failure failure =
        Failure.newBuilder(failure("queue_delay"))
            .setNumbers(Map.of("repeated", (double) others, "wait_ms", 2400.0))
            .build();
    return LifecycleEvent.newBuilder(shed(id, atMillis)).setFailure(failure).build();
  }

  /** Turned away by a dispatcher after it was accepted. */
  static LifecycleEvent shedAfterAcceptance(String id, long atMillis) {
    return LifecycleEvent.newBuilder(shed(id, atMillis)).setAttempt(new Attempt("a1", 1)).build();
  }

  static LifecycleEvent succeeded(String id, String engine, long atMillis) {
    return event(id, LifecycleType.SUCCEEDED, atMillis)
        .setEngine(engine)
        .setUsage(new TokenUsage(800, 200, 400, false))
        .build();
  }

  static LifecycleEvent retried(String id, String engine, String reason) {
    return event(id, LifecycleType.RETRIED, 0)
        .setEngine(engine)
        .setFailure(failure(reason))
        .build();
  }

  private static Failure failure(String reason) {
    return new Failure(reason, "said so", 503, true, false, null, Map.of());
  }

  private static LifecycleEvent.Builder event(String id, LifecycleType type, long atMillis) {
    return LifecycleEvent.newBuilder()
        .setRequestId(id)
        .setType(type)
        .setAt(Instant.ofEpochMilli(atMillis))
        .setMember("ingress-1")
        .setSource("eu")
        .setPool("llama")
        .setRequestClass(RequestClass.STANDARD)
        .setTenant("t")
        .setModel("llama");
  }
}
