package io.weir.dispatcher;

import io.weir.routing.fleet.ServiceTerms;
import io.weir.routing.order.BrownOut;
import io.weir.routing.order.ClassShares;
import io.weir.routing.order.DrainEstimate;
import io.weir.routing.order.DropReason;
import io.weir.routing.order.FirstToken;
import io.weir.routing.order.ReadyOrder;
import io.weir.routing.order.Turn;
import io.weir.routing.queue.QueueLimits;
import io.weir.routing.queue.ReadyRoom;
import io.weir.schemas.LaneLoad;
import io.weir.schemas.LanePosition;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TenantService;
import io.weir.schemas.TokenUsage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * One pool's requests that wait for an engine: their order, how many more there is room for, how
 * fast they go, and what was served to whom. Guarded by the pool's lock.
 */
final class PoolQueue {
  /** Most tenants that others are told of. */
  private static final int TOLD = 64;

  /** Weight of one more request in a lane's mean cost. */
  private static final double GAIN = 0.05;

  /** Of its time to first token, that priority waits before others have to go for it. */
  private static final int PRESSING_PART = 4;

  private static final long LEAST_RETRY_MILLIS = 500;
  private static final long MOST_RETRY_MILLIS = 60_000;

  private final ReadyOrder<Ready> order;
  private final ReadyRoom room;
  private final DrainEstimate drain;
  private final RequestCosts costs;
  private final long pressingNanos;
  private final TenantTotals totals = new TenantTotals();
  private final Map<RequestClass, Double> meanCosts = new EnumMap<>(RequestClass.class);
  private final Clock clock;
  private final LongSupplier nanoClock;

  PoolQueue(
      ServiceTerms service,
      ClassShares shares,
      ToDoubleFunction<String> tenantWeights,
      QueueLimits limits,
      Clock clock,
      LongSupplier nanoClock) {
    this.order = new ReadyOrder<>(shares, service.targets(), tenantWeights);
    this.room = new ReadyRoom(limits);
    this.drain = new DrainEstimate(0, nanoClock.getAsLong());
    this.costs = new RequestCosts(service.cost());
    this.pressingNanos = service.targets().priorityTtft().toNanos() / PRESSING_PART;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  /**
   * The engines are others.
   *
   * @param tokensPerSecond of work that this dispatcher's part of them gets through by their models
   */
  void engines(QueueLimits limits, double tokensPerSecond) {
    room.limits(limits);
    drain.modelled(tokensPerSecond, nanoClock.getAsLong());
  }

  /** What a request that has just come would be if it waited; its cost is in the lane's mean. */
  Ready ready(Held held) {
    double cost = costs.expected(held.request());
    meanCosts.merge(held.requestClass(), cost, (mean, latest) -> mean + GAIN * (latest - mean));
    return Ready.of(held, cost, nanoClock.getAsLong(), clock.millis());
  }

  /** Why a request must not wait or run at all, if it must not. */
  Optional<Dropped> refusal(Ready ready) {
    long now = nanoClock.getAsLong();
    if (ready.expiresNanos() <= now) {
      return Optional.of(dropped(ready, DropReason.EXPIRED, now));
    }
    return ready.startByNanos() <= now
        ? Optional.of(dropped(ready, DropReason.QUEUE_DELAY, now))
        : Optional.empty();
  }

  void offer(Ready ready) {
    room.added(ready.requestClass(), ready.bytes());
    order.offer(ready);
  }

  /** True if a request of a class may go to an engine without waiting its turn. */
  boolean mayPass(RequestClass requestClass) {
    return order.mayPass(requestClass);
  }

  /** A request went past the queue, since an engine was free when it came. */
  void passed(Ready ready) {
    order.passed(ready.requestClass(), ready.tenant(), ready.costTokens());
    sent(ready);
  }

  /** Takes out the next request that an engine with room is to have, or that none is to have. */
  Turn<Ready> poll(FirstToken<Ready> firstToken) {
    Turn<Ready> turn = order.poll(nanoClock.getAsLong(), firstToken);
    switch (turn) {
      case Turn.Run<Ready> run -> {
        room.removed(run.request().requestClass(), run.request().bytes());
        sent(run.request());
      }
      case Turn.Drop<Ready> drop ->
          room.removed(drop.request().requestClass(), drop.request().bytes());
      case Turn.Empty<Ready> empty -> {
        if (order.size() == 0) {
          drain.idle(nanoClock.getAsLong());
        }
      }
    }
    return turn;
  }

  private void sent(Ready ready) {
    long now = nanoClock.getAsLong();
    room.sent(now);
    drain.served(ready.costTokens(), order.size(), now);
    totals.served(ready.tenant(), ready.requestClass(), ready.costTokens());
  }

  /**
   * A request has ended whose use of tokens is known.
   *
   * @param charged what it was thought to cost when it was sent
   */
  void used(Held held, double charged, TokenUsage usage) {
    correct(held, costs.real(usage) - charged);
  }

  /** The same of a whole answer, from which the next one's length is learned. */
  void answered(Held held, double charged, TokenUsage usage) {
    used(held, charged, usage);
    costs.answered(held.request(), usage);
  }

  /** A request comes back from an engine that was needed for another: it was not served yet. */
  void back(Held held, double charged) {
    correct(held, -charged);
    offer(Ready.of(held, costs.expected(held.request()), nanoClock.getAsLong(), clock.millis()));
  }

  /** How many priority requests need a place, having waited for long; 0 if none has. */
  int pressing() {
    return order.priorityWait(nanoClock.getAsLong()) > pressingNanos
        ? order.size(RequestClass.PRIORITY)
        : 0;
  }

  private void correct(Held held, double tokens) {
    String tenant = held.request().getTenant();
    order.charge(held.requestClass(), tenant, tokens);
    totals.served(tenant, held.requestClass(), tokens);
  }

  /** Charges tenants that wait here for what others have served to them. */
  void servedElsewhere(List<TenantService> others) {
    for (TenantService each : others) {
      order.servedElsewhere(each.getRequestClass(), each.getTenant(), each.getTokens());
    }
  }

  /** Time has passed: takes out what has expired or is not worth beginning any more. */
  List<Placement> sweep() {
    long now = nanoClock.getAsLong();
    order.look(now);
    List<Placement> drops = new ArrayList<>();
    for (Turn.Drop<Ready> drop : order.expire(now)) {
      room.removed(drop.request().requestClass(), drop.request().bytes());
      drops.add(placement(drop));
    }
    return drops;
  }

  /** What is to be done with a request that was dropped. */
  Placement.Drop placement(Turn.Drop<Ready> drop) {
    Ready ready = drop.request();
    return new Placement.Drop(ready.held(), dropped(ready, drop.reason(), nanoClock.getAsLong()));
  }

  private Dropped dropped(Ready ready, DropReason reason, long now) {
    double ahead = tokensAhead(ready.requestClass());
    double perSecond = drain.perSecond(now);
    long limit = Math.min(ready.deadlineNanos(), ready.expiresNanos()) - ready.enqueuedNanos();
    Map<String, Double> numbers =
        Map.of(
            "wait_ms",
            millis(now - ready.enqueuedNanos()),
            "limit_ms",
            millis(limit),
            "queued_tokens",
            ahead,
            "drain_per_second",
            perSecond,
            "brown_out",
            (double) order.rung().depth());
    boolean over = reason == DropReason.EXPIRED || reason == DropReason.INFEASIBLE;
    return new Dropped(
        reason, numbers, over ? Optional.empty() : Optional.of(retryMillis(ahead, perSecond)));
  }

  private static double millis(long nanos) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** When what waits now will be gone. */
  private static long retryMillis(double tokens, double perSecond) {
    double millis = perSecond > 0 ? 1e3 * tokens / perSecond : MOST_RETRY_MILLIS;
    return (long) Math.clamp(millis, LEAST_RETRY_MILLIS, MOST_RETRY_MILLIS);
  }

  private double tokensAhead(RequestClass requestClass) {
    double tokens = 0;
    for (RequestClass each : RequestClass.values()) {
      if (each.compareTo(requestClass) <= 0) {
        tokens += order.tokens(each);
      }
    }
    return tokens;
  }

  /** Takes requests out. */
  List<Held> removeIf(Predicate<Held> test) {
    List<Held> removed = new ArrayList<>();
    for (Ready ready : order.removeIf(each -> test.test(each.held()))) {
      room.removed(ready.requestClass(), ready.bytes());
      removed.add(ready.held());
    }
    return removed;
  }

  /** The classes whose lanes may be read. */
  Set<RequestClass> open() {
    return room.open(nanoClock.getAsLong());
  }

  /** Memory that all waiting requests hold. */
  long bytes() {
    return room.bytes();
  }

  int size() {
    return order.size();
  }

  int size(RequestClass requestClass) {
    return order.size(requestClass);
  }

  /** How far lower classes stand back for priority. */
  BrownOut.Rung rung() {
    return order.rung();
  }

  /** Tokens per second that it gets through while something waits. */
  double drainPerSecond() {
    long now = nanoClock.getAsLong();
    if (order.size() == 0) {
      drain.idle(now);
    }
    return drain.perSecond(now);
  }

  /** Tells others what waits, how fast it goes and who was served. */
  PoolLoad.Builder tell(PoolLoad.Builder load, Map<RequestClass, List<LanePosition>> positions) {
    return load.setDrain(drainPerSecond())
        .setBrownOut(rung().depth())
        .setLanes(lanes(positions))
        .setTenants(totals.most(TOLD));
  }

  private List<LaneLoad> lanes(Map<RequestClass, List<LanePosition>> positions) {
    List<LaneLoad> lanes = new ArrayList<>();
    for (RequestClass each : RequestClass.values()) {
      lanes.add(
          new LaneLoad(
              each,
              order.size(each),
              order.tokens(each),
              meanCosts.getOrDefault(each, 0.0),
              positions.getOrDefault(each, List.of())));
    }
    return lanes;
  }
}
