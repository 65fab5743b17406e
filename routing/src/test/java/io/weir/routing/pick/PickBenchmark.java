package io.weir.routing.pick;

import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.prefix.PromptBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What one decision costs: prompts of 16 KiB (4,096 tokens) from 2,000 conversations, engines of
 * all loads, one in ten ruled out. Prefix lookup and the note of the choice are part of it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PickBenchmark {
  private static final int CONVERSATIONS = 2000;
  private static final int PROMPT_BYTES = 16 * 1024;

  @Param({"64", "1000"})
  int engines;

  @Param({"LEAST_COST", "POWER_OF_TWO", "HASH_AFFINITY"})
  PickPolicy policy;

  private final List<TestEngine> pool = new ArrayList<>();
  private final List<PickRequest> requests = new ArrayList<>();
  private final byte[] prompt = new byte[PROMPT_BYTES];
  private EnginePicker picker;
  private long seed;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < engines; i++) {
      TestEngine engine = new TestEngine("engine-" + i, random.nextDouble(0.2, 2), 256);
      engine.cost =
          EngineCost.UNKNOWN
              .withGeography(random.nextDouble(0.1))
              .withPrice(random.nextDouble(1, 500));
      engine.inFlight = random.nextInt(64);
      engine.healthy = random.nextInt(10) > 0;
      pool.add(engine);
    }
    for (int i = 0; i < CONVERSATIONS; i++) {
      random.nextBytes(prompt);
      requests.add(
          new PickRequest(
              "session-" + i, PromptBlocks.of(prompt, 0, PROMPT_BYTES), PROMPT_BYTES / 4, 256));
    }
    picker = new EnginePicker(policy);
  }

  @Benchmark
  public PickResult<TestEngine> pick() {
    seed += 0x9e3779b97f4a7c15L;
    return picker.pick(pool, requests.get(Math.floorMod(seed, CONVERSATIONS)), seed);
  }

  @Benchmark
  public PromptBlocks hash() {
    return PromptBlocks.of(prompt, 0, PROMPT_BYTES);
  }

  /** Runs it, with allocation counted. */
  public static void main(String[] arguments) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(PickBenchmark.class.getSimpleName() + "\\.")
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
