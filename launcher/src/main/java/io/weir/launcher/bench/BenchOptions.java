package io.weir.launcher.bench;

import io.weir.launcher.bench.RateProfile.Burst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be said to {@code weir bench}. */
final class BenchOptions {
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(30);
  private static final Duration NO_END = Duration.ofDays(365);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:8080",
      description = "Base URL, with or without /v1 (default: ${DEFAULT-VALUE}).")
  String url;

  @Option(
      names = "--model",
      defaultValue = "llama-3-8b",
      description = "Model to ask for (default: ${DEFAULT-VALUE}).")
  String model;

  @Option(
      names = "--api-key",
      description = "Sent as bearer token; the environment variable OPENAI_API_KEY otherwise.")
  Optional<String> apiKey;

  @Option(
      names = "--api",
      defaultValue = "CHAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Api api;

  @ArgGroup Load load = new Load();

  @Option(names = "--poisson", description = "Exponential gaps at --rate, not even ones.")
  boolean poisson;

  @Option(
      names = "--speed",
      defaultValue = "1",
      description = "Plays the trace this many times as fast (default: ${DEFAULT-VALUE}).")
  double speed;

  @Option(
      names = "--duration",
      description = "How long requests are sent, such as 30s (default: 30s; a trace: all of it).")
  Optional<Duration> duration;

  @Option(
      names = "--warmup",
      defaultValue = "0s",
      description = "Time at the start that is not measured (default: ${DEFAULT-VALUE}).")
  Duration warmup;

  @Option(names = "--stream", description = "Asks for streams: TTFT and ITL are measured.")
  boolean stream;

  @Option(
      names = "--prompt-tokens",
      defaultValue = "128",
      description = "Prompt length without a trace (default: ${DEFAULT-VALUE}).")
  int promptTokens;

  @Option(
      names = "--output-tokens",
      defaultValue = "64",
      description = "max_tokens without a trace (default: ${DEFAULT-VALUE}).")
  int outputTokens;

  @Option(
      names = "--extra",
      defaultValue = "",
      description = "More members of every body, such as '\"ignore_eos\":true'.")
  String extra;

  @Option(
      names = "--timeout",
      defaultValue = "120s",
      description = "For one whole answer (default: ${DEFAULT-VALUE}).")
  Duration timeout;

  @Option(
      names = "--max-outstanding",
      defaultValue = "2000",
      description =
          "Unanswered requests beyond which further ones count as failed (default:"
              + " ${DEFAULT-VALUE}).")
  int maxOutstanding;

  @Option(
      names = "--slo-ttft",
      description = "Goodput counts answers whose time to first token is within this.")
  Optional<Duration> sloTtft;

  @Option(
      names = "--slo-tpot",
      description = "Goodput counts answers whose time per output token is within this.")
  Optional<Duration> sloTpot;

  @Option(names = "--slo-e2e", description = "Goodput counts answers that are whole within this.")
  Optional<Duration> sloE2e;

  @Option(
      names = "--verify",
      description = "Checks every answer of a simulated engine, token by token.")
  boolean verify;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of prompts and gaps (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = "-",
      paramLabel = "FILE",
      description = "The summary as JSON, to a file or in place of the text.")
  Optional<String> json;

  /** What sets the pace; one of these. */
  static final class Load {
    @Option(names = "--rate", description = "Requests per second, evenly spaced (default: 1).")
    Optional<Double> rate = Optional.empty();

    @Option(
        names = "--trace",
        paramLabel = "FILE",
        description = "Arrivals and lengths of an Azure CSV or Mooncake JSONL trace.")
    Optional<Path> trace = Optional.empty();

    @Option(names = "--clients", description = "This many clients, each always waiting for one.")
    Optional<Integer> clients = Optional.empty();
  }

  OpenAiClient client() {
    return new OpenAiClient(
        api.under(url),
        apiKey.or(() -> Optional.ofNullable(System.getenv("OPENAI_API_KEY"))),
        delivery(),
        mostOutstanding(),
        timeout,
        verify ? Optional.of(new SimTextCheck()) : Optional.empty());
  }

  RequestBody bodies() {
    return new RequestBody(api, model, delivery(), extra, new PromptText(seed));
  }

  Goals goals() {
    return new Goals(sloTtft, sloTpot, sloE2e);
  }

  private Delivery delivery() {
    return stream && api.generates() ? Delivery.STREAM : Delivery.WHOLE;
  }

  int mostOutstanding() {
    return load.clients.orElse(maxOutstanding);
  }

  /** How long requests are sent, warm-up included. */
  Duration sendingTime() {
    return duration
        .or(() -> load.trace.isPresent() ? Optional.empty() : Optional.of(DEFAULT_DURATION))
        .map(warmup::plus)
        .orElse(NO_END);
  }

  /** Requests of one length without end, for closed loops. */
  Iterator<Shot> alike() {
    return Stream.generate(() -> new Shot(0, promptTokens, outputTokens, List.of())).iterator();
  }

  Iterator<Shot> arrivals(Optional<List<Shot>> trace, Duration time, Optional<Burst> burst) {
    if (trace.isPresent()) {
      return Arrivals.trace(trace.get(), speed, time);
    }
    RateProfile rate = new RateProfile(load.rate.orElse(1.0), burst);
    return poisson
        ? Arrivals.poisson(rate, time, promptTokens, outputTokens, seed)
        : Arrivals.constant(rate, time, promptTokens, outputTokens);
  }

  Optional<List<Shot>> trace() throws IOException {
    if (load.trace.isEmpty()) {
      return Optional.empty();
    }
    Path file = load.trace.get();
    if (!Files.isReadable(file)) {
      throw new ParameterException(spec.commandLine(), "--trace: " + file + " cannot be read");
    }
    try {
      return Optional.of(TraceFile.read(file));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--trace: " + e.getMessage(), e);
    }
  }

  /** How the run is made, for people and programs. */
  Map<String, String> about() {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("url", api.under(url));
    about.put("model", model);
    about.put("delivery", delivery() == Delivery.STREAM ? "streamed" : "in one piece");
    about.put(
        "load",
        load.clients
            .map(clients -> clients + " clients, closed loop")
            .or(() -> load.trace.map(file -> file.getFileName() + " at speed " + speed))
            .orElseGet(
                () ->
                    (poisson ? "Poisson " : "constant ") + load.rate.orElse(1.0) + " requests/s"));
    if (load.trace.isEmpty()) {
      about.put("lengths", promptTokens + " prompt and " + outputTokens + " output tokens");
    }
    about.put("warmup", "warm-up " + warmup.toMillis() / 1e3 + " s");
    about.put("seed", "seed " + seed);
    about.put("limit", "at most " + mostOutstanding() + " requests outstanding");
    return about;
  }

  void validate() {
    require(load.rate.orElse(1.0) > 0, "--rate must be positive");
    require(speed > 0, "--speed must be positive");
    require(load.clients.orElse(1) > 0, "--clients must be at least 1");
    require(promptTokens > 0, "--prompt-tokens must be at least 1");
    require(outputTokens > 0, "--output-tokens must be at least 1");
    require(maxOutstanding > 0, "--max-outstanding must be at least 1");
    require(
        url.startsWith("http://") || url.startsWith("https://"),
        "--url must begin with http:// or https://");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
