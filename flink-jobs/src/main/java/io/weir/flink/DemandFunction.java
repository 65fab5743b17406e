package io.weir.flink;

import io.weir.flink.types.RecordType;
import io.weir.routing.plan.DemandEstimator;
import io.weir.routing.plan.DemandPolicy;
import io.weir.routing.plan.DemandRate;
import io.weir.schemas.DemandState;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RequestClass;
import io.weir.schemas.TokenUsage;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Offered demand of one source, pool and class in event time. Events are summed by slot; when the
 * watermark passes a slot's end its sums go to the estimator and the new rate goes out. So
 * partitions that are read at different speeds, as after a recovery, do not look like a surge.
 * After demand has died down, nothing is kept of it.
 *
 * <p>An event of a slot that is over counts in the current one if it is at most {@link #LATENESS}
 * late, for a request is a request; later ones are dropped. Both are counted.
 */
final class DemandFunction extends KeyedProcessFunction<String, LifecycleEvent, PoolSignal> {
  private static final long serialVersionUID = 1L;

  /** Events later than this say nothing about the present. */
  static final Duration LATENESS = Duration.ofSeconds(5);

  /** Demand below this many requests a second is none. */
  static final double NOTHING = 1e-3;

  private final DemandPolicy policy;
  private final long slot;
  private transient DemandEstimator estimator;
  private transient ValueState<DemandState> demand;
  private transient MapState<Long, long[]> slots;
  private transient Counter late;
  private transient Counter dropped;

  /**
   * The function.
   *
   * @param slot length of a slot
   */
  DemandFunction(DemandPolicy policy, Duration slot) {
    this.policy = policy;
    this.slot = slot.toMillis();
  }

  @Override
  public void open(OpenContext context) {
    estimator = new DemandEstimator(policy);
    demand =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("demand", RecordType.forClass(DemandState.class)));
    slots =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "slots", Types.LONG, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
    late = getRuntimeContext().getMetricGroup().counter("lateEvents");
    dropped = getRuntimeContext().getMetricGroup().counter("lateEventsDropped");
  }

  /** How many events were late, and of those how many so much that they were dropped. */
  record Late(long all, long dropped) {}

  Late late() {
    return new Late(late.getCount(), dropped.getCount());
  }

  @Override
  public void processElement(LifecycleEvent event, Context context, Collector<PoolSignal> out)
      throws Exception {
    long at = context.timestamp() == null ? event.getAt().toEpochMilli() : context.timestamp();
    // The first slot that the watermark has not passed the end of.
    long open = Math.floorDiv(Math.max(0, context.timerService().currentWatermark() + 1), slot);
    long begun = Math.floorDiv(at, slot);
    if (begun < open) {
      late.inc();
      if (context.timerService().currentWatermark() - at > LATENESS.toMillis()) {
        dropped.inc();
        return;
      }
      begun = open;
    }
    long[] sums = slots.get(begun);
    SlotCount count = sums == null ? SlotCount.NONE : SlotCount.of(sums);
    SlotCount more =
        OfferedDemand.isOffer(event)
            ? count.offered(event.getRequest(), OfferedDemand.others(event))
            : count.finished(event.getUsage().orElseThrow());
    slots.put(begun, more.sums());
    context.timerService().registerEventTimeTimer(end(begun));
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<PoolSignal> out)
      throws Exception {
    long ended = Math.floorDiv(time, slot);
    long[] sums = slots.get(ended);
    slots.remove(ended);
    DemandState before =
        Optional.ofNullable(demand.value()).orElseGet(() -> DemandEstimator.initial(ended * slot));
    long from = ended * slot;
    SlotCount count = sums == null ? SlotCount.NONE : SlotCount.of(sums);
    DemandState after =
        estimator.advance(
            counted(before, from, count, rate(before, context.getCurrentKey(), from)), time + 1);
    DemandRate rate = rate(after, context.getCurrentKey(), time + 1);
    out.collect(new PoolSignal.Demand(rate));
    if (rate.perSecond() < NOTHING && slots.isEmpty()) {
      demand.clear();
      return;
    }
    demand.update(after);
    context.timerService().registerEventTimeTimer(end(ended + 1));
  }

  private DemandState counted(DemandState before, long at, SlotCount count, DemandRate known) {
    int prompt = mean(count.estimatedPrompt(), count.estimated(), known.promptTokens());
    int output = mean(count.estimatedOutput(), count.estimated(), known.outputTokens());
    DemandState state = before;
    for (long i = 0; i < count.offered(); i++) {
      state = estimator.offered(state, at, prompt, output);
    }
    for (long i = 0; i < count.finished(); i++) {
      state =
          estimator.finished(
              state,
              at,
              new TokenUsage(
                  mean(count.prompt(), count.finished(), 0),
                  mean(count.output(), count.finished(), 0),
                  mean(count.cached(), count.finished(), 0),
                  false));
    }
    return state;
  }

  private static int mean(long sum, long count, double otherwise) {
    return Math.toIntExact(count == 0 ? Math.round(otherwise) : sum / count);
  }

  private DemandRate rate(DemandState state, String key, long at) {
    String[] names = key.split("/", -1);
    return estimator.rate(state, names[0], names[1], RequestClass.valueOf(names[2]), at);
  }

  /** Event-time timers fire when the watermark has reached them, so at the slot's last ms. */
  private long end(long index) {
    return (index + 1) * slot - 1;
  }
}
