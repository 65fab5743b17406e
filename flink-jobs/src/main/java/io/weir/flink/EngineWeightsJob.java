package io.weir.flink;

import io.weir.flink.types.RecordType;
import io.weir.flink.types.TopicEntry;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.RoutingWeights;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.BroadcastStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * The job's graph.
 *
 * <pre>
 * lifecycle ─┬─ offers, uses ──► demand, by source/pool/class (event time) ──┐
 *            └─ evidence ─┐                                                 ├─► plan, by pool ─┬─► weights
 * telemetry ──────────────┼────► engine, by engine ─────────────────────────┘        ▲        └─► history
 * engines ────────────────┘                                geography (broadcast) ────┘
 * </pre>
 *
 * <p>An engine belongs to one pool, so what is known of it is kept under its own key and travels to
 * its pool: a drain and the plan that follows it cannot overtake each other, and no task holds the
 * whole fleet. Operators have fixed ids, so that state finds its operator again in a newer job.
 */
public final class EngineWeightsJob {
  /**
   * Key groups: the most tasks the job can ever be spread over. A restored job cannot change it.
   */
  static final int MAX_PARALLELISM = 128;

  /** Events are many and come in lots of a quarter of a second: they may wait for each other. */
  private static final long EVENTS_MILLIS = 50;

  private final WeightsSources sources;
  private final WeightsSinks sinks;
  private final Epochs epochs;
  private final WeightsJobConfig config;

  /**
   * A job, not yet built.
   *
   * @param epochs asked by every planning task whenever it starts
   */
  public EngineWeightsJob(
      WeightsSources sources, WeightsSinks sinks, Epochs epochs, WeightsJobConfig config) {
    this.sources = sources;
    this.sinks = sinks;
    this.epochs = epochs;
    this.config = config;
  }

  /** Adds the graph to an environment, which may then be executed. */
  public void build(StreamExecutionEnvironment environment) {
    JobSettings.apply(config, environment);
    DataStream<LifecycleEvent> lifecycle = lifecycle(environment);
    DataStream<PoolSignal> demand =
        lifecycle
            .filter(OfferedDemand::matters)
            .uid("demand-events")
            .name("demand events")
            .map(OfferedDemand::counted, RecordType.forClass(LifecycleEvent.class))
            .setBufferTimeout(EVENTS_MILLIS)
            .uid("demand-counts")
            .name("demand counts")
            .keyBy(OfferedDemand::key, Types.STRING)
            .process(new DemandFunction(config.plan().demand(), config.slot()), PoolSignal.type())
            .uid("demand")
            .name("demand");
    DataStream<PoolSignal> engines =
        engineSignals(environment, lifecycle)
            .keyBy(EngineSignal::engine, Types.STRING)
            .process(new EngineFunction(config.plan().calibration()), PoolSignal.type())
            .uid("engine")
            .name("engine");
    DataStream<RoutingWeights> tables =
        demand
            .union(engines)
            .keyBy(PoolSignal::pool, Types.STRING)
            .connect(geography(environment))
            .process(
                new PlanFunction(new PlanSettings(config.plan(), config.sources()), epochs),
                RecordType.forClass(RoutingWeights.class))
            .uid("plan")
            .name("plan");
    tables.sinkTo(sinks.history()).uid("history").name("history");
    tables
        .map(EngineWeightsJob::withoutInputs, RecordType.forClass(RoutingWeights.class))
        .uid("tables")
        .name("tables")
        .sinkTo(sinks.weights())
        .uid("weights")
        .name("weights");
  }

  private DataStream<LifecycleEvent> lifecycle(StreamExecutionEnvironment environment) {
    return environment
        .fromSource(
            sources.lifecycle(),
            WatermarkStrategy.<LifecycleEvent>forGenerator(LogTime.watermarks(config.lateness()))
                // A source that is not a log has no stamps; its events' own times must do.
                .withTimestampAssigner(
                    (event, stamp) -> stamp > 0 ? stamp : event.getAt().toEpochMilli()),
            "lifecycle",
            RecordType.forClass(LifecycleEvent.class))
        .uid("lifecycle");
  }

  private DataStream<EngineSignal> engineSignals(
      StreamExecutionEnvironment environment, DataStream<LifecycleEvent> lifecycle) {
    TypeInformation<EngineSignal> type = EngineSignal.type();
    DataStream<EngineSignal> evidence =
        lifecycle
            .flatMap(
                (LifecycleEvent event, Collector<EngineSignal> out) ->
                    EngineEvidence.of(event).ifPresent(out::collect),
                type)
            .setBufferTimeout(EVENTS_MILLIS)
            .uid("engine-evidence")
            .name("engine evidence");
    DataStream<EngineSignal> specified =
        untimed(environment, sources.engines(), TopicEntry.type(EngineSpec.class), "engines")
            .map(EngineSignal.Specified::new, type)
            .uid("engines-specified")
            .name("engines specified");
    DataStream<EngineSignal> sampled =
        untimed(
                environment,
                sources.telemetry(),
                RecordType.forClass(EngineSample.class),
                "telemetry")
            .map(EngineSignal.Sampled::new, type)
            .uid("engines-sampled")
            .name("engines sampled");
    return specified.union(sampled, evidence);
  }

  private BroadcastStream<TopicEntry<GeoLink>> geography(StreamExecutionEnvironment environment) {
    return untimed(environment, sources.geography(), TopicEntry.type(GeoLink.class), "geography")
        .broadcast(PlanFunction.GEOGRAPHY);
  }

  private static <T> DataStream<T> untimed(
      StreamExecutionEnvironment environment,
      Source<T, ?, ?> source,
      TypeInformation<T> type,
      String name) {
    return environment.fromSource(source, WatermarkStrategy.noWatermarks(), name, type).uid(name);
  }

  private static RoutingWeights withoutInputs(RoutingWeights table) {
    return RoutingWeights.newBuilder(table).setInputs(null).build();
  }
}
