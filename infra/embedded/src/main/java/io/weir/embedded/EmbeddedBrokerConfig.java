package io.weir.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the embedded broker listens and keeps its data.
 *
 * @param dataDir its own directory; made if missing
 * @param port for clients on this machine, 0 for a free one
 * @param containerPort for clients in containers, 0 for none
 * @param users passwords by user for SASL/PLAIN; empty for no authentication
 * @param maxRecordBytes the largest record batch any topic may take, in bytes
 * @param quorum its place among several brokers; empty for one alone
 */
public record EmbeddedBrokerConfig(
    Path dataDir,
    int port,
    int containerPort,
    Map<String, String> users,
    int maxRecordBytes,
    Optional<Quorum> quorum) {

  private static final int DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024;
  private static final int MAX_PORT = 65_535;
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_-]+");

  /**
   * Checks ports and user names.
   *
   * @throws IllegalArgumentException if one is out of range or a name cannot be used
   */
  public EmbeddedBrokerConfig {
    checkPort("port", port);
    checkPort("container port", containerPort);
    if (maxRecordBytes < 1) {
      throw new IllegalArgumentException(
          "The largest record of the embedded broker must have at least 1 byte, not "
              + maxRecordBytes
              + ".");
    }
    users = Map.copyOf(users);
    users.keySet().forEach(EmbeddedBrokerConfig::checkUser);
    if (quorum.isPresent() && !users.isEmpty()) {
      throw new IllegalArgumentException(
          "Embedded brokers that form a cluster cannot ask for passwords: each makes up its own, which the others do not know.");
    }
  }

  /** A free port, no containers, no authentication, records of up to 16 MiB. */
  public static EmbeddedBrokerConfig in(Path dataDir) {
    return new EmbeddedBrokerConfig(
        dataDir, 0, 0, Map.of(), DEFAULT_MAX_RECORD_BYTES, Optional.empty());
  }

  /** The same with a port for clients on this machine. */
  public EmbeddedBrokerConfig withPort(int newPort) {
    return new EmbeddedBrokerConfig(dataDir, newPort, containerPort, users, maxRecordBytes, quorum);
  }

  /** The same with a port for clients in containers. */
  public EmbeddedBrokerConfig withContainerPort(int newPort) {
    return new EmbeddedBrokerConfig(dataDir, port, newPort, users, maxRecordBytes, quorum);
  }

  /** The same with SASL/PLAIN users, passwords by name. */
  public EmbeddedBrokerConfig withUsers(Map<String, String> newUsers) {
    return new EmbeddedBrokerConfig(dataDir, port, containerPort, newUsers, maxRecordBytes, quorum);
  }

  /** The same as one node of several. */
  public EmbeddedBrokerConfig withQuorum(Quorum newQuorum) {
    return new EmbeddedBrokerConfig(
        dataDir, port, containerPort, users, maxRecordBytes, Optional.of(newQuorum));
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "EmbeddedBrokerConfig[dataDir=%s, port=%d, containerPort=%d, users=%s, maxRecordBytes=%d, quorum=%s]"
        .formatted(dataDir, port, containerPort, users.keySet(), maxRecordBytes, quorum);
  }

  private static void checkUser(String user) {
    if (!USER.matcher(user).matches()) {
      throw new IllegalArgumentException(
          "The user name '%s' of the embedded broker must be letters, digits, hyphens and underscores, since it becomes an option of a login module."
              .formatted(user));
    }
  }

  private static void checkPort(String what, int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "The %s of the embedded broker must be 0 to 65535, not %d.".formatted(what, port));
    }
  }
}
