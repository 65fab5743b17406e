package io.weir.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A {@code weir} command in a process of its own. */
final class WeirProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path output;

  private WeirProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** The command that runs {@code weir} with this class path. */
  static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx448m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }

  static WeirProcess start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(command());
    command.addAll(List.of(arguments));
    return run(folder, environment, command);
  }

  static WeirProcess run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path output = Files.createTempFile(folder, "weir-", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new WeirProcess(builder.start(), output);
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  long pid() {
    return process.pid();
  }

  /** Waits until the process has said something. */
  WeirProcess awaitSaid(String text) {
    Awaitility.await().atMost(PATIENCE).until(() -> output().contains(text) || !process.isAlive());
    try {
      assertThat(output()).contains(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  /** Sends what Ctrl-C sends, or where that is ignored what container runtimes send. */
  WeirProcess interrupt() throws IOException, InterruptedException {
    if (interruptsAreIgnored()) {
      return terminate();
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    return this;
  }

  /**
   * A shell that starts the suite in the background has it ignore interrupts, and every process
   * inherits that; a JVM leaves such a signal alone.
   */
  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .anyMatch(ignored -> (ignored & 0b10) != 0);
    }
  }

  /** Asks it to end, as container runtimes do. */
  WeirProcess terminate() {
    process.destroy();
    return this;
  }

  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("the process ends")
        .isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
