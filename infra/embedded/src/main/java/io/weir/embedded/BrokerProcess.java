package io.weir.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An embedded broker in a process of its own, with this process's class path. */
public final class BrokerProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 10;
  private static final int MAX_QUOTED_LINES = 200;

  private final Process process;
  private final String bootstrapServers;

  private BrokerProcess(Process process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts the process; returns when the broker takes requests.
   *
   * @throws EmbeddedBrokerException if it does not start; the message holds what it said
   */
  public static BrokerProcess start(EmbeddedBrokerConfig config) {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedBrokerMain.class.getName())
            .redirectErrorStream(true);
    try {
      Process process = builder.start();
      try {
        configure(process, config);
        return new BrokerProcess(process, awaitReady(process));
      } catch (IOException | RuntimeException failure) {
        process.destroyForcibly();
        throw failure;
      }
    } catch (IOException failure) {
      throw new EmbeddedBrokerException("Cannot run a broker process: " + failure, failure);
    }
  }

  private static void configure(Process process, EmbeddedBrokerConfig config) throws IOException {
    Writer in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    in.write(EmbeddedBrokerMain.input(config));
    in.flush();
  }

  private static String awaitReady(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(EmbeddedBrokerMain.READY)) {
        drain(out);
        return line.substring(EmbeddedBrokerMain.READY.length());
      }
      if (said.size() < MAX_QUOTED_LINES) {
        said.add(line);
      }
    }
    throw new EmbeddedBrokerException(
        "The broker process ended before it was ready. It said:\n" + String.join("\n", said));
  }

  /** A process whose output nobody reads stops when the pipe is full. */
  private static void drain(BufferedReader out) {
    Thread.ofVirtual()
        .name("weir-broker-output")
        .start(
            () -> {
              try (out) {
                out.transferTo(Writer.nullWriter());
              } catch (IOException ended) {
                // The process has ended, and its output with it.
                return;
              }
            });
  }

  /** Host and port for clients. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** The process, to look at. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Ends the process without a word, as a power cut would. */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /** Lets the broker stop in order. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      process.destroy();
    }
    await();
  }

  private void await() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
