package io.weir.launcher.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
      "  ./weir bench --trace AzureLLMInferenceTrace_conv.csv --stream --duration 10m"
    })
public final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.validate();
    Optional<List<Shot>> trace = options.trace();
    try (OpenAiClient client = options.client()) {
      client.greet();
      spec.commandLine().getErr().println(String.join(", ", options.about().values()));
      LoadRun run =
          new LoadRun(
              client, options.bodies(), options.goals(), options.warmup, options.mostOutstanding());
      Summary summary = watched(run, trace);
      return summary.answered() > 0 && summary.failed() == 0 ? 0 : 1;
    }
  }

  /** Runs with a line each second; an interrupt still prints what there is. */
  private Summary watched(LoadRun run, Optional<List<Shot>> trace)
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
        run.open(options.arrivals(trace, time), options.timeout);
      }
      Summary summary = run.summary();
      print(summary);
      return summary;
    } finally {
      progress.interrupt();
      printed.countDown();
      removeHook(hook);
    }
  }

  private void print(Summary summary) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (!options.json.equals(Optional.of("-"))) {
      out.print(SummaryText.of(summary));
    }
    if (options.json.isPresent()) {
      String text = SummaryJson.of(summary, options.about());
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
