package io.weir.ingress.admission;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.weir.routing.admission.AdmissionPolicy;
import io.weir.routing.admission.ClassShedding;
import io.weir.routing.admission.QueuePlace;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.Pool;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Role;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.Topics;
import io.weir.schemas.members.Members;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Lets requests into the pools of one source by the delay they would meet there, which the
 * dispatchers' heartbeats and the answers that come back tell.
 */
public final class AdmissionControl {
  private record Beat(long epoch, long beat) {}

  private record Lane(PoolGate gate, RequestClass requestClass) {}

  private final String source;
  private final LongSupplier nanos;
  private final TokenEstimates estimates;
  private final Map<String, PoolGate> gates;
  private final Map<String, Lane> lanes;
  // Of the dispatchers alive; on the thread that follows the members.
  private final Map<String, Beat> beats = new HashMap<>();

  /**
   * @param source where the requests enter
   * @param weights of tenants against each other; positive
   * @param nanos monotonic
   */
  public AdmissionControl(
      Fleet fleet,
      String source,
      AdmissionPolicy policy,
      ToDoubleFunction<String> weights,
      LongSupplier nanos,
      MeterRegistry metrics) {
    this.source = source;
    this.nanos = nanos;
    this.estimates = new TokenEstimates(fleet.service().cost(), metrics);
    Map<String, PoolGate> byPool = new HashMap<>();
    Map<String, Lane> byTopic = new HashMap<>();
    for (Pool pool : fleet.pools()) {
      PoolGate gate = new PoolGate(policy, fleet.service().targets(), weights, estimates, nanos);
      byPool.put(pool.name(), gate);
      Gauge.builder("weir.ingress.drain.tokens", gate, PoolGate::drainPerSecond)
          .description("Tokens per second that the pool serves, as far as this ingress knows")
          .tag("pool", pool.name())
          .register(metrics);
      for (RequestClass each : RequestClass.values()) {
        byTopic.put(Topics.requests(source, pool.name(), each), new Lane(gate, each));
        Gauge.builder("weir.ingress.queue.tokens", gate, asked -> asked.queuedTokens(each))
            .description("Cost of what waits, as far as this ingress knows")
            .tag("pool", pool.name())
            .tag("class", each.name().toLowerCase(Locale.ROOT))
            .register(metrics);
      }
    }
    this.gates = Map.copyOf(byPool);
    this.lanes = Map.copyOf(byTopic);
  }

  /** What a request is expected to take of an engine. */
  public Expected expected(Arrival arrival) {
    TokenEstimates.Estimate estimate = estimates.of(arrival);
    return new Expected(estimate.promptTokens(), estimate.outputTokens());
  }

  /** A request that a client waits for asks to be let in. */
  public Entry enter(Arrival arrival) {
    return gates.get(arrival.pool()).enter(arrival);
  }

  /** A request that nobody has to wait for asks to be let in. */
  public Entry enterDetached(Arrival arrival) {
    return gates.get(arrival.pool()).enterDetached(arrival);
  }

  /**
   * Where the request with this record stands in its queue; empty if it waits no more, entered
   * elsewhere, or nothing is known.
   */
  public Optional<QueuePlace> place(RecordPointer record) {
    return Optional.ofNullable(lanes.get(record.getTopic()))
        .flatMap(
            lane ->
                lane.gate().place(lane.requestClass(), record.getPartition(), record.getOffset()));
  }

  /** Heartbeats were read; always on the same thread. */
  public void heard(Members members) {
    Set<String> alive = new HashSet<>();
    for (Members.LiveMember each : members.live()) {
      Member member = each.member();
      if (member.getRole() == Role.DISPATCHER
          && member.getSource().filter(source::equals).isPresent()) {
        alive.add(member.getId());
        Beat beat = new Beat(member.getEpoch(), member.getBeat());
        if (!beat.equals(beats.put(member.getId(), beat))) {
          report(member);
        }
      }
    }
    beats.keySet().removeIf(id -> !alive.contains(id) && forget(id));
  }

  private void report(Member dispatcher) {
    Map<String, PoolLoad> loads = new HashMap<>();
    dispatcher.getPools().forEach(load -> loads.put(load.getPool(), load));
    gates.forEach(
        (pool, gate) -> {
          PoolLoad load = loads.get(pool);
          if (load == null) {
            gate.gone(dispatcher.getId());
          } else {
            gate.report(dispatcher.getId(), load);
          }
        });
  }

  private boolean forget(String dispatcher) {
    gates.values().forEach(gate -> gate.gone(dispatcher));
    return true;
  }

  /**
   * A table of weights was published.
   *
   * @param ageMillis how long ago
   */
  public void planned(RoutingWeights table, long ageMillis) {
    PoolGate gate = gates.get(table.getPool());
    if (gate != null && table.getSource().equals(source)) {
      gate.planned(ClassShedding.of(table, ageMillis, nanos.getAsLong()));
    }
  }
}
