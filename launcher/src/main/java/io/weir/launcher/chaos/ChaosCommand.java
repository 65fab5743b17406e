package io.weir.launcher.chaos;

import io.weir.launcher.cli.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir chaos}. */
@Command(
    name = "chaos",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Starts every role as processes of its own on this machine (three brokers among them), sends",
      "requests without pause, and kills, pauses and restarts the processes in turn. At the end it",
      "holds what clients got against what the log says: exit code 1 if a promise was broken."
    },
    footer = {
      "",
      "Faults are ACTION:PROCESS with the actions kill, pause and restart, such as",
      "  ./weir chaos --fault kill:dispatcher-1 --fault pause:controller-2 --requests 500",
      "Processes: broker-1..3, registry, engine-1..4, controller-1..2, dispatcher-1..2,",
      "ingress-1..2, weights-job."
    })
public final class ChaosCommand implements Callable<Integer> {
  private static final int QUICK_REQUESTS = 2_000;
  private static final int ALL_REQUESTS = 20_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "One fault per role over 2,000 requests; the whole matrix over 20,000 without.")
  private boolean quick;

  @Option(names = "--fault", paramLabel = "FAULT", description = "Only these, in this order.")
  private List<String> faults = List.of();

  @Option(names = "--requests", paramLabel = "N", description = "At least so many are sent.")
  private Optional<Integer> requests;

  @Option(
      names = "--rate",
      defaultValue = "16",
      paramLabel = "N",
      description = "Requests per second in the mean (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--calm",
      defaultValue = "5s",
      paramLabel = "TIME",
      description = "How long nothing is done after each fault (default: ${DEFAULT-VALUE}).")
  private Duration calm;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of the load (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "The report as JSON as well, - for standard output.")
  private Optional<String> json;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = {
        "Where data and logs lie, which are kept; a temporary folder otherwise, which is kept only",
        "if a promise was broken."
      })
  private Optional<Path> folder;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Logging.onlyErrors();
    PrintWriter err = spec.commandLine().getErr();
    Path data = folder.isPresent() ? folder.get() : Files.createTempDirectory("weir-chaos-");
    Files.createDirectories(data);
    Progress progress = new Progress(err);
    progress.say("logs are in " + data.toAbsolutePath());
    ChaosReport report = run(data.toAbsolutePath(), progress);
    print(report);
    if (folder.isEmpty() && report.isIntact()) {
      Folders.delete(data);
    } else {
      progress.say("data and logs are in " + data.toAbsolutePath());
    }
    return report.isIntact() ? 0 : 1;
  }

  private ChaosReport run(Path data, Progress progress) throws IOException, InterruptedException {
    ChaosSystem system = new ChaosSystem(data, progress);
    Thread hook = Thread.ofPlatform().name("weir-chaos-stop").unstarted(system::close);
    Runtime.getRuntime().addShutdownHook(hook);
    try (system) {
      system.start();
      return new ChaosRun(system, plan(), progress).run();
    }
  }

  private ChaosPlan plan() {
    List<Fault> chosen =
        faults.isEmpty()
            ? quick ? Fault.onePerRole() : Fault.matrix()
            : faults.stream().map(Fault::parse).toList();
    int least = requests.orElse(quick || !faults.isEmpty() ? QUICK_REQUESTS : ALL_REQUESTS);
    return new ChaosPlan(chosen, least, rate, calm, seed);
  }

  private void print(ChaosReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (!json.equals(Optional.of("-"))) {
      out.print(ReportText.of(report));
    }
    if (json.isPresent()) {
      String text = ReportJson.of(report);
      if (json.get().equals("-")) {
        out.println(text);
      } else {
        Files.writeString(Path.of(json.get()), text + "\n");
      }
    }
    out.flush();
  }
}
