package io.weir.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The embedded broker's directory, locked while it is open.
 *
 * <p>{@code weir-broker.properties} says that it is ours, in which format, and which cluster's data
 * it holds; {@code log} is Kafka's. The file is written before Kafka formats its part, so that a
 * crash between the two is repaired by the next start.
 */
final class BrokerDirectory implements AutoCloseable {
  private static final int FORMAT = 1;
  private static final String MARKER = "weir-broker.properties";
  private static final String LOCK = "weir-broker.lock";
  private static final String FORMAT_KEY = "format";
  private static final String CLUSTER_KEY = "cluster.id";
  private static final String METADATA_KEY = "metadata.version";
  private static final String KAFKA_KEY = "kafka.version";

  private final Path directory;
  private final FileChannel lock;
  private final Properties marker;
  private final int nodeId;

  private BrokerDirectory(Path directory, FileChannel lock, Properties marker, int nodeId) {
    this.directory = directory;
    this.lock = lock;
    this.marker = marker;
    this.nodeId = nodeId;
  }

  /**
   * Locks the directory and formats it if it is new.
   *
   * @param quorum whose node it is, if it is one of several
   * @throws EmbeddedBrokerException if it is not ours, another cluster's, newer than this build, or
   *     in use
   */
  static BrokerDirectory open(Path path, Optional<Quorum> quorum) {
    Path directory = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(directory);
      FileChannel lock = lock(directory);
      try {
        BrokerDirectory opened =
            new BrokerDirectory(
                directory,
                lock,
                marker(directory, quorum.map(Quorum::clusterId)),
                quorum.map(Quorum::nodeId).orElse(BrokerProperties.ONLY_NODE));
        opened.format();
        return opened;
      } catch (IOException | RuntimeException failure) {
        lock.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot use directory %s: %s. Check its permissions and the free space, or choose another with --data-dir."
              .formatted(directory, failure),
          failure);
    }
  }

  /** Where Kafka keeps its logs. */
  Path log() {
    return directory.resolve("log");
  }

  String clusterId() {
    return marker.getProperty(CLUSTER_KEY);
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException inThisProcess) {
      channel.close();
      throw inUse(directory, inThisProcess);
    }
    channel.close();
    throw inUse(directory, null);
  }

  private static EmbeddedBrokerException inUse(Path directory, Throwable cause) {
    return new EmbeddedBrokerException(
        "The embedded broker cannot use directory %s: another broker is running on it. Stop that one, or choose another directory with --data-dir."
            .formatted(directory),
        cause);
  }

  private static Properties marker(Path directory, Optional<String> clusterId) throws IOException {
    Path file = directory.resolve(MARKER);
    if (Files.exists(file)) {
      Properties marker = new Properties();
      try (var in = Files.newBufferedReader(file)) {
        marker.load(in);
      }
      check(directory, marker);
      clusterId.ifPresent(wanted -> checkCluster(directory, marker, wanted));
      return marker;
    }
    refuseForeign(directory);
    Properties marker = new Properties();
    marker.setProperty(FORMAT_KEY, Integer.toString(FORMAT));
    marker.setProperty(CLUSTER_KEY, clusterId.orElseGet(() -> Uuid.randomUuid().toString()));
    marker.setProperty(
        METADATA_KEY, Short.toString(MetadataVersion.LATEST_PRODUCTION.featureLevel()));
    marker.setProperty(KAFKA_KEY, AppInfoParser.getVersion());
    write(file, marker);
    return marker;
  }

  private static void write(Path file, Properties marker) throws IOException {
    Path draft = file.resolveSibling(MARKER + ".new");
    try (var out = Files.newBufferedWriter(draft)) {
      marker.store(out, "The embedded broker of Weir. Do not edit.");
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void refuseForeign(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      List<String> others =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !name.equals(LOCK) && !name.equals(MARKER + ".new"))
              .sorted()
              .limit(3)
              .toList();
      if (!others.isEmpty()) {
        throw new EmbeddedBrokerException(
            "The embedded broker does not use directory %s: it holds %s but no %s, so it is not one of its own. Choose an empty or a new directory with --data-dir."
                .formatted(directory, String.join(", ", others), MARKER));
      }
    }
  }

  private static void check(Path directory, Properties marker) {
    long format = number(directory, marker, FORMAT_KEY);
    long metadata = number(directory, marker, METADATA_KEY);
    if (format > FORMAT || metadata > MetadataVersion.LATEST_PRODUCTION.featureLevel()) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot read directory %s: a newer Weir wrote it (format %d, metadata version %d, Kafka %s; this one knows format %d, metadata version %d). Run that version, or choose another directory with --data-dir."
              .formatted(
                  directory,
                  format,
                  metadata,
                  marker.getProperty(KAFKA_KEY, "unknown"),
                  FORMAT,
                  MetadataVersion.LATEST_PRODUCTION.featureLevel()));
    }
    if (marker.getProperty(CLUSTER_KEY, "").isBlank()) {
      throw damaged(directory, CLUSTER_KEY, null);
    }
  }

  private static void checkCluster(Path directory, Properties marker, String wanted) {
    String found = marker.getProperty(CLUSTER_KEY);
    if (!found.equals(wanted)) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot use directory %s for cluster %s: it holds data of cluster %s. Choose an empty or a new directory."
              .formatted(directory, wanted, found));
    }
  }

  private static long number(Path directory, Properties marker, String key) {
    try {
      return Long.parseLong(marker.getProperty(key, ""));
    } catch (NumberFormatException bad) {
      throw damaged(directory, key, bad);
    }
  }

  private static EmbeddedBrokerException damaged(Path directory, String key, Throwable cause) {
    return new EmbeddedBrokerException(
        "The embedded broker cannot read %s: %s is missing or not a number. Restore the file, or choose another directory with --data-dir."
            .formatted(directory.resolve(MARKER), key),
        cause);
  }

  private void format() throws IOException {
    Files.createDirectories(log());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(out)
          .setNodeId(nodeId)
          .setClusterId(clusterId())
          .setDirectories(List.of(log().toString()))
          .setMetadataLogDirectory(log().toString())
          .setControllerListenerName(BrokerProperties.CONTROLLER)
          .setReleaseVersion(
              MetadataVersion.fromFeatureLevel(Short.parseShort(marker.getProperty(METADATA_KEY))))
          .setIgnoreFormatted(true)
          .run();
    } catch (Exception failure) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot use directory %s: %s. Choose another with --data-dir."
              .formatted(directory, failure.getMessage()),
          failure);
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
