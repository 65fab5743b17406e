package io.weir.launcher.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One process of the system, through all its lives. What it says goes to {@code <name>.log}, one
 * life after the other. Every signal sent here goes to a process that was started here.
 */
final class RoleProcess implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 50;
  private static final int QUOTED_LINES = 30;
  private static final int UNSAFE_WARNS_FROM = 24;

  private final RoleSpec spec;
  private final Path folder;
  private final Path log;
  private Process process;
  private long logStart;

  /**
   * @param folder its working directory is a folder of its name in this one
   */
  RoleProcess(RoleSpec spec, Path folder) {
    this.spec = spec;
    this.folder = folder.resolve(spec.name());
    this.log = folder.resolve(spec.name() + ".log");
  }

  String name() {
    return spec.name();
  }

  Role role() {
    return spec.role();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Starts it and does not wait. */
  synchronized void start() {
    try {
      Files.createDirectories(folder);
      logStart = Files.exists(log) ? Files.size(log) : 0;
      process =
          new ProcessBuilder(command())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.toFile()))
              .start();
      OutputStream in = process.getOutputStream();
      in.write(spec.input().getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException failure) {
      throw new ChaosException("Cannot run " + name() + ": " + failure, failure);
    }
  }

  /** Waits until it says that it is ready. */
  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    while (!said().contains(spec.ready())) {
      if (!isAlive()) {
        throw new ChaosException(name() + " ended instead of starting:\n" + tail());
      }
      if (System.nanoTime() > deadline) {
        throw new ChaosException(
            "%s was not ready after %d s:%n%s"
                .formatted(name(), START_PATIENCE.toSeconds(), tail()));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** SIGKILL. */
  synchronized void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; returns when it has ended, which is made sure of. */
  synchronized void stop() throws InterruptedException {
    // Process.destroy would close its standard input too, at which it ends on the spot.
    process.toHandle().destroy();
    if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      kill();
    }
  }

  /** SIGSTOP: it is there and does nothing. */
  void pause() throws InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws InterruptedException {
    signal("CONT");
  }

  private synchronized void signal(String signal) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException failure) {
      throw new ChaosException("Cannot send SIG" + signal + " to " + name(), failure);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + spec.role().heapMebibytes() + "m");
    // Small and quick to start, and no threads beyond the work's own.
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= UNSAFE_WARNS_FROM) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(spec.mainClass().getName());
    command.addAll(spec.arguments());
    return command;
  }

  /** What it has said in this life. */
  private String said() {
    try {
      byte[] all = Files.readAllBytes(log);
      int start = (int) Math.min(all.length, logStart);
      return new String(all, start, all.length - start, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new ChaosException("Cannot read " + log, failure);
    }
  }

  private String tail() {
    List<String> lines = said().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size()));
  }

  /** Ends it at once, whatever it does. */
  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
