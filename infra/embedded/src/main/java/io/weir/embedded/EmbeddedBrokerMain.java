package io.weir.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
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
  static final String READY = "bootstrap.servers=";

  private EmbeddedBrokerMain() {}

  /**
   * Runs a broker until standard input ends.
   *
   * @param args none
   * @throws IOException if standard input cannot be read
   */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    // Logging may go to standard output too, but not into the middle of this line.
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (EmbeddedBroker broker = EmbeddedBroker.start(config(in))) {
      out.println(READY + broker.bootstrapServers());
      awaitEnd(in);
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
    return EmbeddedBrokerConfig.in(Path.of(directory))
        .withPort(Integer.parseInt(properties.getProperty(PORT, "0")))
        .withUsers(users);
  }

  private static void awaitEnd(BufferedReader in) throws IOException {
    while (in.readLine() != null) {
      // Whatever else is said is not for us.
    }
  }
}
