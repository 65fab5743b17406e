package io.weir.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * The embedded broker as a process of its own. It reads its configuration as properties from
 * standard input up to an empty line (passwords do not show in a list of processes), prints {@code
 * bootstrap.servers=...} when it takes requests, and stops when standard input ends, so that it
 * never outlives the process that started it.
 */
public final class EmbeddedBrokerMain {
  static final String DATA_DIR = "data.dir";
  static final String PORT = "port";
  static final String USER_PREFIX = "user.";
  static final String CLUSTER = "cluster.id";
  static final String NODE = "node.id";
  static final String CONTROLLERS = "controller.ports";

  /** What it prints when it takes requests, before its address. */
  public static final String READY = "bootstrap.servers=";

  private EmbeddedBrokerMain() {}

  /**
   * Runs a broker until standard input ends.
   *
   * @param args none
   * @throws IOException if standard input cannot be read
   * @throws InterruptedException if the process is told to end otherwise
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    EmbeddedBrokerConfig config = config(in);
    AtomicBoolean started = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .name("weir-parent-watch")
        .start(
            () -> {
              awaitEnd(in);
              if (!started.get()) {
                // One of several waits for the others for as long as it takes, closed or not.
                Runtime.getRuntime().halt(1);
              }
              ended.countDown();
            });
    // Logging may go to standard output too, but not into the middle of this line.
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (EmbeddedBroker broker = EmbeddedBroker.start(config)) {
      started.set(true);
      out.println(READY + broker.bootstrapServers());
      ended.await();
    } catch (EmbeddedBrokerException failure) {
      out.println(failure.getMessage());
      System.exit(1);
    }
  }

  private static EmbeddedBrokerConfig config(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      text.append(line).append('\n');
    }
    Properties properties = new Properties();
    properties.load(new StringReader(text.toString()));
    Map<String, String> users =
        properties.stringPropertyNames().stream()
            .filter(key -> key.startsWith(USER_PREFIX))
            .collect(
                Collectors.toMap(
                    key -> key.substring(USER_PREFIX.length()), properties::getProperty));
    String directory = properties.getProperty(DATA_DIR, "");
    if (directory.isEmpty()) {
      throw new EmbeddedBrokerException(
          "The broker process was given no " + DATA_DIR + " on standard input.");
    }
    EmbeddedBrokerConfig config =
        EmbeddedBrokerConfig.in(Path.of(directory))
            .withPort(Integer.parseInt(properties.getProperty(PORT, "0")))
            .withUsers(users);
    return properties.containsKey(NODE) ? config.withQuorum(quorum(properties)) : config;
  }

  private static Quorum quorum(Properties properties) {
    return new Quorum(
        properties.getProperty(CLUSTER, ""),
        Integer.parseInt(properties.getProperty(NODE)),
        Arrays.stream(properties.getProperty(CONTROLLERS, "").split(","))
            .map(Integer::valueOf)
            .toList());
  }

  /**
   * What {@link #main} reads for a configuration, with the empty line after it.
   *
   * @throws IOException never, as it goes to memory
   */
  public static String input(EmbeddedBrokerConfig config) throws IOException {
    Properties properties = new Properties();
    properties.setProperty(DATA_DIR, config.dataDir().toString());
    properties.setProperty(PORT, Integer.toString(config.port()));
    config.users().forEach((user, word) -> properties.setProperty(USER_PREFIX + user, word));
    config
        .quorum()
        .ifPresent(
            quorum -> {
              properties.setProperty(CLUSTER, quorum.clusterId());
              properties.setProperty(NODE, Integer.toString(quorum.nodeId()));
              properties.setProperty(
                  CONTROLLERS,
                  quorum.controllerPorts().stream()
                      .map(String::valueOf)
                      .collect(Collectors.joining(",")));
            });
    StringWriter text = new StringWriter();
    properties.store(text, null);
    return text + "\n";
  }

  private static void awaitEnd(BufferedReader in) {
    try {
      while (in.readLine() != null) {
        // Whatever else is said is not for us.
      }
    } catch (IOException gone) {
      // Then nobody is there either.
      return;
    }
  }
}
