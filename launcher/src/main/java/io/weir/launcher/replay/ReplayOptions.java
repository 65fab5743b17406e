package io.weir.launcher.replay;

import io.weir.routing.fleet.Regions;
import io.weir.routing.replay.Fault;
import io.weir.routing.replay.Objectives;
import io.weir.routing.replay.ReplayEngine;
import io.weir.routing.replay.ReplayPolicy;
import io.weir.routing.replay.ReplayScenario;
import io.weir.routing.replay.ReplaySettings;
import io.weir.routing.replay.ReplaySource;
import io.weir.routing.replay.SyntheticTrace;
import io.weir.routing.replay.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be said to {@code weir replay}. */
final class ReplayOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "TRACE",
      description =
          "Azure CSV or Mooncake JSONL files, one for each region and the last for the rest;"
              + " without any, made-up conversations.")
  List<Path> traces = List.of();

  @Option(
      names = "--engines",
      paramLabel = "GROUPS",
      defaultValue = "8xh100-llama-3-8b",
      description =
          "The fleet: COUNTxPROFILE[@REGION], separated by commas (default: ${DEFAULT-VALUE}).")
  String engines;

  @Option(
      names = "--regions",
      paramLabel = "REGION",
      split = ",",
      defaultValue = "local",
      description = "Where requests enter, one source each (default: ${DEFAULT-VALUE}).")
  List<String> regions;

  @Option(
      names = "--shift",
      defaultValue = "0s",
      description = "How far each source's trace is ahead of the one before (default: none).")
  Duration shift;

  @Option(
      names = "--dispatchers",
      defaultValue = "4",
      description = "Dispatchers of each source (default: ${DEFAULT-VALUE}).")
  int dispatchers;

  @Option(names = "--rate", description = "Mean requests per second of each source.")
  Optional<Double> rate = Optional.empty();

  @Option(names = "--speed", description = "Plays the traces this many times as fast.")
  Optional<Double> speed = Optional.empty();

  @Option(names = "--requests", description = "Only so many of each trace's first requests.")
  Optional<Integer> requests = Optional.empty();

  @Option(
      names = "--policies",
      split = ",",
      paramLabel = "POLICY",
      converter = PolicyNames.class,
      completionCandidates = PolicyNames.class,
      description = "Some of: ${COMPLETION-CANDIDATES} (default: all).")
  List<ReplayPolicy> policies = Arrays.asList(ReplayPolicy.values());

  @Option(
      names = "--block-tokens",
      defaultValue = "0",
      description = "Tokens in a block of KV cache (default: the trace's, or the profile's).")
  int blockTokens;

  @Option(
      names = "--gpu-cache",
      defaultValue = "0",
      description = "Tokens of KV cache on each engine's device (default: the profile's).")
  int deviceTokens;

  @Option(
      names = "--host-cache",
      defaultValue = "0",
      description = "Tokens of KV cache in the host memory behind it (default: none).")
  int hostTokens;

  @Option(
      names = "--telemetry-age",
      defaultValue = "500ms",
      description = "Age at which samples reach dispatchers (default: ${DEFAULT-VALUE}).")
  Duration telemetryAge;

  @Option(
      names = "--solve-interval",
      defaultValue = "2s",
      description = "Time between two solutions of the weights (default: ${DEFAULT-VALUE}).")
  Duration solveInterval;

  @Option(
      names = "--max-in-flight",
      defaultValue = "256",
      description = "Most requests on one engine (default: ${DEFAULT-VALUE}).")
  int maxInFlight;

  @Option(
      names = "--slow",
      paramLabel = "ENGINE=FACTOR",
      description = "Makes an engine, by its number from 0, secretly slower from the start.")
  Map<Integer, Double> slow = new LinkedHashMap<>();

  @Option(
      names = "--slo-ttft",
      defaultValue = "2s",
      description = "Goodput: most time to first token (default: ${DEFAULT-VALUE}).")
  Duration sloTtft;

  @Option(
      names = "--slo-tpot",
      defaultValue = "100ms",
      description = "Goodput: most time per output token (default: ${DEFAULT-VALUE}).")
  Duration sloTpot;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of every random draw (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Results as JSON; - for stdout.")
  Optional<String> json = Optional.empty();

  @Option(names = "--svg", paramLabel = "FILE", description = "Results as a plot.")
  Optional<Path> svg = Optional.empty();

  Objectives objectives() {
    return new Objectives(sloTtft, sloTpot);
  }

  /**
   * What is to be replayed.
   *
   * @throws IOException if a trace cannot be read
   */
  ReplayScenario scenario() throws IOException {
    try {
      List<ReplaySource> sources = sources();
      return new ReplayScenario(
          fleet(sources),
          sources,
          ReplayOptions::roundTrip,
          slow.entrySet().stream()
              .map(each -> new Fault(each.getKey(), 0, each.getValue()))
              .toList(),
          new ReplaySettings(telemetryAge, solveInterval, maxInFlight, seed));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** The fleet before the first trace. */
  List<ReplayEngine> fleet() throws IOException {
    return fleet(List.of(new ReplaySource("source-0", regions.getFirst(), 1, trace(0))));
  }

  private List<ReplayEngine> fleet(List<ReplaySource> sources) {
    int traced = sources.stream().mapToInt(source -> source.trace().blockTokens()).max().orElse(0);
    return EngineGroups.parse(
        engines,
        regions.getFirst(),
        new EngineGroups.Cache(blockTokens > 0 ? blockTokens : traced, deviceTokens, hostTokens));
  }

  private List<ReplaySource> sources() throws IOException {
    List<ReplaySource> sources = new ArrayList<>();
    for (int i = 0; i < regions.size(); i++) {
      Trace trace = paced(trace(i)).shifted(i * shift.toNanos());
      sources.add(new ReplaySource("source-" + i, regions.get(i), dispatchers, trace));
    }
    return sources;
  }

  /** One source's trace at its own pace. */
  Trace trace(int source) throws IOException {
    if (traces.isEmpty()) {
      return SyntheticTrace.conversations(requests.orElse(5000), 10, seed + source);
    }
    Path file = traces.get(Math.min(source, traces.size() - 1));
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(file + " cannot be read");
    }
    Trace trace = Traces.read(file);
    return requests.map(trace::first).orElse(trace);
  }

  private Trace paced(Trace trace) {
    if (rate.isPresent() && speed.isPresent()) {
      throw new IllegalArgumentException("--rate and --speed exclude each other");
    }
    return rate.map(trace::atRate).or(() -> speed.map(trace::faster)).orElse(trace);
  }

  private static double roundTrip(String from, String to) {
    return Regions.roundTrip(from, to)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no round trip between " + from + " and " + to + " was measured"))
            .toNanos()
        * 1e-6;
  }
}
