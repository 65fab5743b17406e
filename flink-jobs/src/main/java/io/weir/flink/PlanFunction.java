package io.weir.flink;

import io.weir.flink.types.RecordType;
import io.weir.flink.types.TopicEntry;
import io.weir.routing.plan.Geography;
import io.weir.routing.plan.Plan;
import io.weir.routing.plan.PlanInputs;
import io.weir.routing.plan.WeightPlanner;
import io.weir.schemas.GeoLink;
import io.weir.schemas.KnownDemand;
import io.weir.schemas.KnownEngine;
import io.weir.schemas.PlanState;
import io.weir.schemas.RoutingWeights;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans one pool's weights every interval, and soon after anything that cannot wait: an engine that
 * appears, goes, drains, fails or recovers, or demand that jumps. Such events within {@link
 * #COALESCE} are planned for together. What the plan is and whether it is published is the
 * planner's to say. After a pool's last engine is gone nothing is kept of the pool but demand that
 * still comes in.
 */
final class PlanFunction
    extends KeyedBroadcastProcessFunction<String, PoolSignal, TopicEntry<GeoLink>, RoutingWeights>
    implements CheckpointedFunction {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PlanFunction.class);

  /** How long news that cannot wait is gathered. */
  static final Duration COALESCE = Duration.ofMillis(100);

  /** A pool's engines come one after the other at the start; planning waits for them. */
  static final Duration FIRST = Duration.ofMillis(500);

  /** After a recovery telemetry is old until it has been read again. */
  static final Duration CATCH_UP = Duration.ofMillis(1_500);

  static final MapStateDescriptor<String, GeoLink> GEOGRAPHY =
      new MapStateDescriptor<>("geography", Types.STRING, RecordType.forClass(GeoLink.class));

  private final PlanSettings settings;
  private final Epochs epochs;
  private transient WeightPlanner planner;
  private transient PlanMetrics metrics;
  private transient MapState<String, KnownEngine> engines;
  private transient MapState<String, KnownDemand> demand;
  private transient ValueState<PlanState> memory;
  private transient ValueState<Long> due;
  private transient Optional<Geography> geography;
  private transient long epoch;
  private transient boolean recovered;
  private transient long notBefore;

  PlanFunction(PlanSettings settings, Epochs epochs) {
    this.settings = settings;
    this.epochs = epochs;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    planner = new WeightPlanner();
    metrics = new PlanMetrics(getRuntimeContext().getMetricGroup());
    engines =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "engines", Types.STRING, RecordType.forClass(KnownEngine.class)));
    demand =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "demand", Types.STRING, RecordType.forClass(KnownDemand.class)));
    memory =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("memory", RecordType.forClass(PlanState.class)));
    due = getRuntimeContext().getState(new ValueStateDescriptor<>("due", Types.LONG));
    geography = Optional.empty();
    epoch = epochs.next();
    LOG.info("weights are planned epoch={}", epoch);
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {
    recovered = context.isRestored();
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    // All state is keyed or broadcast, and kept by Flink.
  }

  @Override
  public void processBroadcastElement(
      TopicEntry<GeoLink> entry, Context context, Collector<RoutingWeights> out) throws Exception {
    if (entry.value().isPresent()) {
      context.getBroadcastState(GEOGRAPHY).put(entry.key(), entry.value().get());
    } else {
      context.getBroadcastState(GEOGRAPHY).remove(entry.key());
    }
    geography = Optional.empty();
  }

  @Override
  public void processElement(
      PoolSignal signal, ReadOnlyContext context, Collector<RoutingWeights> out) throws Exception {
    Urgency urgency =
        switch (signal) {
          case PoolSignal.Demand now -> demand(now);
          case PoolSignal.Engine now -> engine(now.engine());
          case PoolSignal.EngineGone gone -> {
            engines.remove(gone.engine());
            yield Urgency.NOW;
          }
        };
    if (engines.isEmpty() && due.value() == null) {
      return;
    }
    long wait =
        memory.value() == null
            ? FIRST.toMillis()
            : urgency == Urgency.NOW
                ? COALESCE.toMillis()
                : settings.policy().interval().toMillis();
    planBy(context.timerService().currentProcessingTime() + wait, context);
  }

  private Urgency demand(PoolSignal.Demand now) throws Exception {
    KnownDemand after = Known.demand(now.rate());
    String key = after.getDemand().getSource() + "/" + after.getDemand().getRequestClass();
    KnownDemand before = demand.get(key);
    if (after.getDemand().getPerSecond() < DemandFunction.NOTHING) {
      demand.remove(key);
    } else {
      demand.put(key, after);
    }
    return Urgency.ofDemand(Optional.ofNullable(before), after);
  }

  private Urgency engine(KnownEngine now) throws Exception {
    KnownEngine before = engines.get(now.getSpec().getId());
    engines.put(now.getSpec().getId(), now);
    return Urgency.ofEngine(Optional.ofNullable(before), now);
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<RoutingWeights> out)
      throws Exception {
    due.clear();
    if (engines.isEmpty()) {
      memory.clear();
      metrics.forget(context.getCurrentKey());
      return;
    }
    long now = context.timerService().currentProcessingTime();
    if (recovered) {
      recovered = false;
      notBefore = now + CATCH_UP.toMillis();
    }
    if (now < notBefore) {
      planBy(notBefore, context);
      return;
    }
    plan(context, now, out);
    planBy(next(now), context);
  }

  /** A plan that came too early to move anything is made again as soon as it may. */
  private long next(long now) throws Exception {
    long interval = settings.policy().interval().toMillis();
    PlanState after = memory.value();
    long allowed = after == null ? 0 : after.getPublishedAt().toEpochMilli() + interval;
    return allowed > now ? allowed : now + interval;
  }

  private void plan(OnTimerContext context, long now, Collector<RoutingWeights> out)
      throws Exception {
    PlanInputs inputs =
        new PlanInputs(
            context.getCurrentKey(),
            Known.engines(engines.values()),
            settings.sources(demand.values()),
            geography(context),
            Known.rates(context.getCurrentKey(), demand.values()),
            settings.policy(),
            epoch,
            now);
    long begun = System.nanoTime();
    try {
      Plan plan =
          planner.plan(
              inputs,
              Optional.ofNullable(memory.value())
                  .orElseGet(() -> WeightPlanner.initial(context.getCurrentKey())));
      memory.update(plan.memory());
      metrics.planned(context.getCurrentKey(), plan, Duration.ofNanos(System.nanoTime() - begun));
      plan.history().forEach(out::collect);
    } catch (RuntimeException fault) {
      // One pool's fault must not stop the others' weights: dispatchers keep its last table.
      metrics.failed();
      LOG.error("no weights could be planned pool={}", context.getCurrentKey(), fault);
    }
  }

  private Geography geography(OnTimerContext context) throws Exception {
    if (geography.isEmpty()) {
      geography = Optional.of(Known.geography(context.getBroadcastState(GEOGRAPHY)));
    }
    return geography.get();
  }

  /** Makes the next planning happen by then, or earlier if it is due earlier. */
  private void planBy(long at, ReadOnlyContext context) throws Exception {
    Long already = due.value();
    if (already != null && already <= at) {
      return;
    }
    if (already != null) {
      context.timerService().deleteProcessingTimeTimer(already);
    }
    context.timerService().registerProcessingTimeTimer(at);
    due.update(at);
  }
}
