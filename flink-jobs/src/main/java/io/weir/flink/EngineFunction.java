package io.weir.flink;

import io.weir.flink.types.RecordType;
import io.weir.flink.types.TopicEntry;
import io.weir.routing.engine.CalibrationPolicy;
import io.weir.routing.engine.EngineCalibrator;
import io.weir.routing.engine.EngineTimings;
import io.weir.schemas.CalibrationState;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.KnownEngine;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is known of one engine: what its owner wants of it, its newest telemetry, what that has
 * taught about its speed, and whether dispatchers can reach it. Tells the engine's pool of every
 * change. An engine is nothing before it is specified and after it was removed.
 *
 * <p>Samples of an owner that has been replaced, and repeated ones, are void. An engine that
 * dispatchers fail to connect to {@link #FAILURES} times with no answer in between is not healthy,
 * until one answers or {@link #TRIAL} has gone by, after which it may be tried again.
 */
final class EngineFunction extends KeyedProcessFunction<String, EngineSignal, PoolSignal> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(EngineFunction.class);

  static final int FAILURES = 3;
  static final Duration TRIAL = Duration.ofSeconds(10);

  private final CalibrationPolicy policy;
  private transient EngineCalibrator calibrator;
  private transient ValueState<KnownEngine> known;
  private transient ValueState<Integer> failures;
  private transient ValueState<Long> trial;
  private transient Counter voidSamples;

  EngineFunction(CalibrationPolicy policy) {
    this.policy = policy;
  }

  @Override
  public void open(OpenContext context) {
    calibrator = new EngineCalibrator(policy);
    known =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("engine", RecordType.forClass(KnownEngine.class)));
    failures = getRuntimeContext().getState(new ValueStateDescriptor<>("failures", Types.INT));
    trial = getRuntimeContext().getState(new ValueStateDescriptor<>("trial", Types.LONG));
    voidSamples = getRuntimeContext().getMetricGroup().counter("voidSamples");
  }

  @Override
  public void processElement(EngineSignal signal, Context context, Collector<PoolSignal> out)
      throws Exception {
    switch (signal) {
      case EngineSignal.Specified specified -> specified(specified.entry(), context, out);
      case EngineSignal.Sampled sampled -> sampled(sampled.sample(), out);
      case EngineSignal.Unreachable unreachable -> unreachable(context, out);
      case EngineSignal.Answered answered -> answered(context, out);
    }
  }

  private void specified(TopicEntry<EngineSpec> entry, Context context, Collector<PoolSignal> out)
      throws Exception {
    KnownEngine before = known.value();
    Optional<EngineSpec> spec = entry.value();
    if (spec.isPresent() && !usable(spec.get())) {
      return;
    }
    if (before != null
        && !spec.map(EngineSpec::getPool).equals(Optional.of(before.getSpec().getPool()))) {
      out.collect(new PoolSignal.EngineGone(before.getSpec().getPool(), entry.key()));
    }
    if (spec.isEmpty()) {
      known.clear();
      forgetFailures(context);
    } else if (before == null) {
      tell(new KnownEngine(spec.get(), null, null, true), out);
    } else {
      KnownEngine.Builder after = KnownEngine.newBuilder(before).setSpec(spec.get());
      if (!before.getSpec().getTiming().equals(spec.get().getTiming())) {
        // What was learnt was learnt against another profile.
        after.setCalibration(null);
      }
      tell(after.build(), out);
    }
  }

  private static boolean usable(EngineSpec spec) {
    try {
      EngineTimings.profile(spec.getTiming());
      return true;
    } catch (IllegalArgumentException impossible) {
      LOG.error("engine {} is not taken as specified: {}", spec.getId(), impossible.getMessage());
      return false;
    }
  }

  private void sampled(EngineSample sample, Collector<PoolSignal> out) throws Exception {
    KnownEngine before = known.value();
    if (before == null || before.getSample().filter(last -> !follows(sample, last)).isPresent()) {
      voidSamples.inc();
      return;
    }
    CalibrationState calibration =
        calibrator.observe(
            before.getCalibration().orElseGet(EngineCalibrator::initial),
            sample,
            EngineTimings.profile(before.getSpec().getTiming()));
    tell(KnownEngine.newBuilder(before).setSample(sample).setCalibration(calibration).build(), out);
  }

  private static boolean follows(EngineSample sample, EngineSample last) {
    if (sample.getOwnerEpoch() != last.getOwnerEpoch()) {
      return sample.getOwnerEpoch() > last.getOwnerEpoch();
    }
    return !sample.getOwner().equals(last.getOwner())
        ? sample.getAt().isAfter(last.getAt())
        : sample.getSequence() > last.getSequence();
  }

  private void unreachable(Context context, Collector<PoolSignal> out) throws Exception {
    KnownEngine before = known.value();
    if (before == null) {
      return;
    }
    int now = Optional.ofNullable(failures.value()).orElse(0) + 1;
    failures.update(Math.min(now, FAILURES));
    stopTrial(context);
    long at = context.timerService().currentProcessingTime() + TRIAL.toMillis();
    context.timerService().registerProcessingTimeTimer(at);
    trial.update(at);
    if (now >= FAILURES && before.getHealthy()) {
      tell(KnownEngine.newBuilder(before).setHealthy(false).build(), out);
    }
  }

  private void answered(Context context, Collector<PoolSignal> out) throws Exception {
    if (failures.value() != null) {
      forgetFailures(context);
      recover(out);
    }
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<PoolSignal> out)
      throws Exception {
    trial.clear();
    failures.clear();
    recover(out);
  }

  private void recover(Collector<PoolSignal> out) throws Exception {
    KnownEngine before = known.value();
    if (before != null && !before.getHealthy()) {
      tell(KnownEngine.newBuilder(before).setHealthy(true).build(), out);
    }
  }

  private void forgetFailures(Context context) throws Exception {
    stopTrial(context);
    failures.clear();
  }

  private void stopTrial(Context context) throws Exception {
    if (trial.value() != null) {
      context.timerService().deleteProcessingTimeTimer(trial.value());
      trial.clear();
    }
  }

  private void tell(KnownEngine now, Collector<PoolSignal> out) throws Exception {
    known.update(now);
    out.collect(new PoolSignal.Engine(now));
  }
}
