package io.weir.dispatcher;

import io.weir.dispatcher.http.Endpoint;
import io.weir.dispatcher.http.EngineConnections;
import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.fleet.Pool;
import io.weir.routing.fleet.ServiceTerms;
import io.weir.routing.fleet.WeightSource;
import io.weir.schemas.Attempt;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import io.weir.schemas.RequestClass;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.TopicPartition;

/**
 * A pool's desk in virtual time, with one engine, which lies in the east. A tenant called {@code
 * only-west} may have its requests go to the west only.
 */
final class Desk {
  private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final TopicPartition LANE = new TopicPartition("lane", 0);

  final PoolDesk desk;
  final EngineSlots engine;

  /** Requests that were dropped, in order. */
  final List<Placement.Drop> drops = new ArrayList<>();

  /** Requests that were sent to the engine, in order. */
  final List<Placement.Run> runs = new ArrayList<>();

  private final Tenure tenure = new Tenure(1, () -> true);
  private final AtomicLong nanos = new AtomicLong();
  private int ids;

  Desk(DispatcherConfig config, int slots) {
    this(config, slots, tenant -> 1);
  }

  Desk(DispatcherConfig config, int slots, ToDoubleFunction<String> tenantWeights) {
    Pool pool = new Pool(Rig.POOL, List.of(), PickPolicy.LEAST_LOADED, WeightSource.STATIC);
    desk =
        new PoolDesk(
            "here",
            pool,
            ServiceTerms.DEFAULT,
            tenantWeights,
            tenant -> tenant.startsWith("only-") ? List.of(tenant.substring(5)) : List.of(),
            config,
            clock(),
            nanos::get,
            () -> 1);
    engine = engine("e", slots);
    take(desk.add(engine));
    take(desk.health(engine, true));
  }

  private EngineSlots engine(String id, int slots) {
    URI url = URI.create("http://127.0.0.1:9");
    return new EngineSlots(
        new EngineTerms(
            id, url, Rig.POOL, 1, slots, false, Optional.empty(), Optional.empty(), false, "east"),
        new EngineConnections(
            Endpoint.of(url),
            Duration.ofSeconds(1),
            slots,
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            nanos::get),
        nanos::get);
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(millis());
      }

      @Override
      public long millis() {
        return BEGIN + nanos.get() / 1_000_000;
      }
    };
  }

  Instant now() {
    return clock().instant();
  }

  long nanos() {
    return nanos.get();
  }

  /** Lets time pass, as the sweeper sees it. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    take(desk.sweep());
  }

  /** A request of a client that waits, which a test changes as it likes. */
  InferenceRequest.Builder watched(RequestClass requestClass, String tenant) {
    return detached(requestClass, tenant).setStartBy(now().plusSeconds(2)).setWatched(true);
  }

  /** A request that nobody waits for. */
  InferenceRequest.Builder detached(RequestClass requestClass, String tenant) {
    return InferenceRequest.newBuilder()
        .setId("r" + ids++)
        .setTenant(tenant)
        .setSource("here")
        .setPool(Rig.POOL)
        .setRequestClass(requestClass)
        .setModel("model")
        .setPath("/v1/completions")
        .setContentType("application/json")
        .setStream(true)
        .setBody(ByteBuffer.allocate(0))
        .setAffinity("")
        .setReply(new ReplyAddress("replies", 0, 0L))
        .setEnqueuedAt(now())
        .setExpiresAt(now().plusSeconds(600))
        .setPromptTokens(100)
        .setOutputTokens(40)
        .setWatched(false);
  }

  /** A request comes from its lane. */
  Held arrive(InferenceRequest.Builder request) {
    return arrive(request, 1);
  }

  /** A request comes for an attempt. */
  Held arrive(InferenceRequest.Builder builder, int attempt) {
    InferenceRequest request = builder.build();
    Held held =
        new Held(
            request,
            new Attempt(request.getId() + "-" + attempt, attempt),
            LANE,
            new RecordPointer(LANE.topic(), 0, 0L),
            ClaimState.ofFurtherAttempt(tenure),
            desk.wanted(request),
            Set.of(),
            Optional.empty());
    switch (desk.arrived(held)) {
      case Placement.Wait wait -> take(desk.enqueue(wait.ready()));
      case Placement placement -> take(List.of(placement));
    }
    return held;
  }

  /** The engine ends the oldest request that it has. */
  void end(int nth) {
    take(desk.freed(runs.get(nth).engine(), Ending.GOOD));
  }

  /** Ids of what was sent to the engine, in order. */
  List<String> sent() {
    return runs.stream().map(run -> run.held().request().getId()).toList();
  }

  private void take(List<Placement> placements) {
    for (Placement each : placements) {
      switch (each) {
        case Placement.Run run -> runs.add(run);
        case Placement.Drop drop -> drops.add(drop);
        case Placement.Wait wait -> throw new AssertionError("waits twice: " + wait);
      }
    }
  }
}
