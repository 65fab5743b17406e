package io.weir.launcher.replay;

import io.weir.routing.replay.OverloadPolicy;
import io.weir.routing.replay.OverloadResult;
import io.weir.routing.replay.OverloadRun;
import io.weir.routing.replay.OverloadScenario;
import io.weir.routing.replay.Replay;
import io.weir.routing.replay.ReplayPolicy;
import io.weir.routing.replay.ReplayResult;
import io.weir.routing.replay.ReplayScenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir replay}. */
@Command(
    name = "replay",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = "Replays traces against a simulated fleet, policies side by side.",
    footer = {
      "",
      "Time is virtual and every draw is seeded: the same command prints the same figures.",
      "Examples:",
      "  ./weir replay conversation_trace.jsonl --rate 13.6 --gpu-cache 320000 \\",
      "      --host-cache 4096000 --slo-ttft 5s --svg mooncake.svg",
      "  ./weir replay AzureLLMInferenceTrace_conv.csv --speed 35 --dispatchers 8 \\",
      "      --engines 8xa100-llama-3-8b,8xh100-llama-3-8b --slow 0=2 --slow 8=2",
      "  ./weir replay AzureLLMInferenceTrace_conv.csv --load 0.9,1.3,2.0 \\",
      "      --engines 8xa100-llama-3-8b,8xh100-llama-3-8b"
    })
public final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ReplayOptions options = new ReplayOptions();

  @Mixin private OverloadOptions overload = new OverloadOptions();

  @Override
  public Integer call() throws IOException {
    if (overload.asked()) {
      return replayOverload();
    }
    ReplayScenario scenario = options.scenario();
    PrintWriter out = spec.commandLine().getOut();
    boolean table = !options.json.equals(Optional.of("-"));
    if (table) {
      out.print(ResultTable.head(scenario, options.objectives()));
      out.flush();
    }
    List<ReplayResult> results = new ArrayList<>();
    long began = System.nanoTime();
    for (ReplayPolicy policy : options.policies) {
      ReplayResult result = Replay.run(scenario, policy, options.objectives());
      results.add(result);
      if (table) {
        out.print(ResultTable.row(result));
        out.flush();
      }
    }
    double seconds = (System.nanoTime() - began) * 1e-9;
    long simulated = results.stream().mapToLong(ReplayResult::requests).sum();
    say(simulated, seconds);
    write(scenario, results);
    return 0;
  }

  private int replayOverload() throws IOException {
    OverloadScenario scenario = overload.scenario(options);
    PrintWriter out = spec.commandLine().getOut();
    boolean table = !options.json.equals(Optional.of("-"));
    if (table) {
      out.print(OverloadTable.head(scenario));
      out.flush();
    }
    List<OverloadResult> results = new ArrayList<>();
    long began = System.nanoTime();
    for (double load : overload.loads) {
      for (OverloadPolicy policy : overload.policies) {
        OverloadResult result = OverloadRun.run(scenario, policy, load);
        results.add(result);
        if (table) {
          out.print(OverloadTable.row(result));
          out.flush();
        }
      }
    }
    long simulated = (long) results.size() * scenario.trace().requests().size();
    say(simulated, (System.nanoTime() - began) * 1e-9);
    if (options.json.isPresent()) {
      writeJson(options.json.get(), OverloadJson.of(scenario, results));
    }
    return 0;
  }

  private void say(long simulated, double seconds) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "%,d requests in %.1f s: %,.0f simulated requests a minute%n",
        simulated, seconds, simulated / seconds * 60);
    err.flush();
  }

  private void write(ReplayScenario scenario, List<ReplayResult> results) throws IOException {
    if (options.json.isPresent()) {
      writeJson(options.json.get(), ResultJson.of(scenario, options.objectives(), results));
    }
    if (options.svg.isPresent()) {
      Files.writeString(options.svg.get(), ResultPlot.of(options.objectives(), results));
    }
  }

  private void writeJson(String target, String json) throws IOException {
    if (target.equals("-")) {
      spec.commandLine().getOut().println(json);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(Path.of(target), json + "\n");
    }
  }
}
