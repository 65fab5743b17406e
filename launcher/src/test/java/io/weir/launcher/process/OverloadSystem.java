package io.weir.launcher.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.launcher.bench.BenchCommand;
import io.weir.launcher.cli.Durations;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** examples/overload in a process of its own, and the load generator in this one. */
final class OverloadSystem implements AutoCloseable {
  /** Requests per second that its engines can serve, of the lengths that {@link #bench} sends. */
  static final double CAPACITY = 14;

  private static final int BROKER = 1012;
  private static final int REGISTRY = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int base;
  private final WeirProcess weir;
  private final ServiceLog log;

  private OverloadSystem(int base, WeirProcess weir, ServiceLog log) {
    this.base = base;
    this.weir = weir;
    this.log = log;
  }

  /** Starts it and sends it some traffic, so that nothing is slow for being new. */
  static OverloadSystem start(Path folder) throws IOException, InterruptedException {
    int base = FreePorts.base();
    WeirProcess weir =
        WeirProcess.start(
            folder,
            Map.of(),
            "up",
            "--config",
            Examples.file("overload/weir.yaml").toString(),
            "--base-port",
            Integer.toString(base));
    weir.awaitSaid("Ready after");
    ServiceLog log =
        ServiceLog.of(
            KafkaSettings.of(
                "127.0.0.1:" + (base + BROKER), "http://127.0.0.1:" + (base + REGISTRY)));
    OverloadSystem system = new OverloadSystem(base, weir, log);
    system.bench(CAPACITY / 2, "5s", "--api-key", "overload-a");
    return system;
  }

  /** Sends requests and tells how it went. */
  JsonNode bench(double perSecond, String duration, String... more) throws IOException {
    StringWriter out = new StringWriter();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--url", "http://127.0.0.1:" + base, "--stream", "--poisson"));
    arguments.addAll(List.of("--rate", Double.toString(perSecond), "--duration", duration));
    arguments.addAll(List.of("--prompt-tokens", "768", "--output-tokens", "64"));
    arguments.addAll(List.of("--timeout", "90s", "--max-outstanding", "20000"));
    arguments.addAll(List.of("--json", "-"));
    arguments.addAll(List.of(more));
    new CommandLine(new BenchCommand())
        .registerConverter(Duration.class, new Durations())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(Writer.nullWriter()))
        .execute(arguments.toArray(String[]::new));
    return JSON.readTree(out.toString());
  }

  /** What the lifecycle has told. */
  ServiceLog log() {
    return log;
  }

  /** Megabytes of memory that the process has; 0 where that cannot be told. */
  double resident() throws IOException {
    Path status = Path.of("/proc", Long.toString(weir.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .sum();
    }
  }

  /** A measurement, for the record. */
  static void measured(String what, Object value) {
    System.out.println("measured " + what + ": " + value);
  }

  @Override
  public void close() {
    log.close();
    weir.close();
  }
}
