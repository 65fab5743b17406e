package io.weir.launcher.bench;

import io.weir.launcher.bench.RateProfile.Burst;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir bench}. */
@Command(
    name = "bench",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Loads any OpenAI endpoint and says how it answers.",
    footer = {
      "",
      "An open loop (--rate, --trace) measures each request from when it should have been sent;",
      "--clients is a closed loop, for throughput, and measures from when it was sent.",
      "Examples:",
      "  ./weir bench --rate 20 --poisson --stream --duration 60s",
      "  ./weir bench --clients 32 --output-tokens 16 --duration 30s",
      "  ./weir bench --rate 50 --classes priority=5,standard=55,flex=30,batch=10 --retry-after",
      "  ./weir bench --trace AzureLLMInferenceTrace_conv.csv --stream --duration 10m"
    })
public final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private BenchOptions options = new BenchOptions();

  @Mixin private MixOptions senders = new MixOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.validate();
    Optional<List<Shot>> trace = options.trace();
    Mix mix = senders.mix(options.seed);
    Waiting waiting = senders.waiting();
    Optional<Burst> burst = senders.bursts();
    if (burst.isPresent() && (trace.isPresent() || options.load.clients.isPresent())) {
      throw new ParameterException(
          spec.commandLine(), "--burst goes with --rate, not with --trace or --clients");
    }
    try (OpenAiClient client = options.client()) {
      client.greet();
      spec.commandLine().getErr().println(String.join(", ", about().values()));
      LoadRun run =
          new LoadRun(
              client,
              options.bodies(),
              mix,
              waiting,
              options.goals(),
              options.warmup,
              options.mostOutstanding());
      Summary summary = watched(run, trace, burst);
      return summary.answered() > 0 && summary.failed() == 0 ? 0 : 1;
    }
  }

  /** Runs with a line each second; an interrupt still prints what there is. */
  private Summary watched(LoadRun run, Optional<List<Shot>> trace, Optional<Burst> burst)
      throws IOException, InterruptedException {
    CountDownLatch printed = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform().name("weir-bench-interrupted").unstarted(() -> finish(run, printed));
    Runtime.getRuntime().addShutdownHook(hook);
    PrintWriter err = spec.commandLine().getErr();
    Thread progress =
        Thread.ofPlatform().daemon().name("weir-bench-progress").start(() -> progress(run, err));
    try {
      Duration time = options.sendingTime();
      if (options.load.clients.isPresent()) {
        run.closed(options.load.clients.get(), time, options.alike());
      } else {
        run.open(options.arrivals(trace, time, burst), options.timeout);
      }
      RunSummary summary = run.summary();
      print(summary);
      return summary.all();
    } finally {
      progress.interrupt();
      printed.countDown();
      removeHook(hook);
    }
  }

  private Map<String, String> about() {
    Map<String, String> about = options.about();
    about.putAll(senders.about());
    return about;
  }

  private void print(RunSummary summary) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (!options.json.equals(Optional.of("-"))) {
      out.print(SummaryText.of(summary.all()));
      out.print(MixText.of(summary));
    }
    if (options.json.isPresent()) {
      String text = SummaryJson.of(summary, about());
      if (options.json.get().equals("-")) {
        out.println(text);
      } else {
        Files.writeString(Path.of(options.json.get()), text + "\n");
      }
    }
    out.flush();
  }

  private static void progress(LoadRun run, PrintWriter err) {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(1);
        err.println(run.progress());
        err.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On Ctrl-C the main thread prints what there is; the process must not end before. */
  private static void finish(LoadRun run, CountDownLatch printed) {
    run.stop();
    try {
      if (!printed.await(5, TimeUnit.SECONDS)) {
        System.err.println("weir: the run did not stop in 5 s; its results are lost");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook is what ends this run.
      hook.interrupt();
    }
  }
}
