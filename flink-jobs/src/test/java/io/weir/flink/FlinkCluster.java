package io.weir.flink;

import io.weir.flink.standalone.ApplicationJobManager;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A real Flink cluster: JobManager and TaskManagers as processes of their own, from Flink's Maven
 * artifacts alone. Nothing of Weir's, of Kafka's or Avro's is on their class path. All of it
 * listens on loopback.
 */
final class FlinkCluster implements AutoCloseable {
  /** What the distribution's lib folder holds, by the folders of a Maven repository. */
  private static final List<String> DISTRIBUTION =
      List.of(
          "/org/apache/flink/",
          "/org/apache/commons/",
          "/commons-",
          "/com/esotericsoftware/",
          "/org/objenesis/",
          "/org/javassist/",
          "/org/xerial/snappy/",
          "/at/yawk/lz4/",
          "/com/google/code/findbugs/",
          "/org/snakeyaml/",
          "/org/slf4j/",
          "/ch/qos/logback/");

  private static final List<String> NOT_DISTRIBUTION =
      List.of("flink-connector-kafka", "-tests.jar", "flink-test-utils");

  private static final long SUBMIT_SECONDS = 60;

  private final Path directory;
  private final Path configuration;
  private final String rest;
  private final List<Process> processes = new ArrayList<>();

  private FlinkCluster(Path directory, String rest) {
    this.directory = directory;
    this.configuration = directory.resolve("conf");
    this.rest = rest;
  }

  /** Starts a JobManager that waits for jobs; it has no TaskManager yet. */
  static FlinkCluster session(Path directory) throws IOException {
    FlinkCluster cluster = configured(directory);
    cluster.launch(
        "jobmanager",
        "-Xmx256m",
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        "--configDir",
        cluster.configuration.toString());
    return cluster;
  }

  /** Starts a JobManager in application mode: it runs the jar's job and no other. */
  static FlinkCluster application(Path directory, Path jar, String... args) throws IOException {
    FlinkCluster cluster = configured(directory);
    Path usrlib = Files.createDirectories(directory.resolve("usrlib"));
    Files.copy(jar, usrlib.resolve(jar.getFileName()));
    List<String> command =
        new ArrayList<>(
            List.of(
                ApplicationJobManager.class.getName(),
                cluster.configuration.toString(),
                usrlib.toString()));
    command.addAll(List.of(args));
    cluster.launch("jobmanager", "-Xmx256m", command.toArray(String[]::new));
    return cluster;
  }

  private static FlinkCluster configured(Path directory) throws IOException {
    int rpcPort = freePort();
    int restPort = freePort();
    FlinkCluster cluster = new FlinkCluster(directory, "127.0.0.1:" + restPort);
    Files.createDirectories(cluster.configuration);
    Files.writeString(
        cluster.configuration.resolve("config.yaml"),
        """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.rpc.port: "0"
        taskmanager.numberOfTaskSlots: 2
        taskmanager.cpu.cores: 1.0
        taskmanager.memory.framework.heap.size: 64m
        taskmanager.memory.framework.off-heap.size: 32m
        taskmanager.memory.task.heap.size: 192m
        taskmanager.memory.task.off-heap.size: 0m
        taskmanager.memory.managed.size: 1m
        taskmanager.memory.network.min: 8m
        taskmanager.memory.network.max: 8m
        taskmanager.memory.jvm-metaspace.size: 128m
        taskmanager.memory.jvm-overhead.min: 64m
        taskmanager.memory.jvm-overhead.max: 64m
        heartbeat.interval: 500
        heartbeat.timeout: 5000
        io.tmp.dirs: %s
        """
            .formatted(rpcPort, restPort, Files.createDirectories(directory.resolve("tmp"))));
    Files.writeString(
        cluster.configuration.resolve("logback.xml"),
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %-5level [%thread] %logger{0} %msg%n</pattern></encoder>
          </appender>
          <root level="INFO"><appender-ref ref="out"/></root>
        </configuration>
        """);
    cluster.bringEntryPoint();
    return cluster;
  }

  /** The one class that Flink's artifacts lack, and nothing else from its folder. */
  private void bringEntryPoint() throws IOException {
    String name = ApplicationJobManager.class.getName().replace('.', '/') + ".class";
    Path copy = directory.resolve("entry").resolve(name);
    Files.createDirectories(copy.getParent());
    try (InputStream source = ApplicationJobManager.class.getResourceAsStream("/" + name)) {
      Files.copy(source, copy);
    }
  }

  /** Starts a TaskManager. */
  Process taskManager(String name) throws IOException {
    return launch(
        name,
        "-Xmx384m",
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        "--configDir",
        configuration.toString());
  }

  /** What {@code flink run --detached JAR ARGS} does. */
  void run(Path jar, String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                "--detached",
                "--jobmanager",
                rest,
                jar.toString()));
    command.addAll(List.of(args));
    Process client = launch("client", "-Xmx256m", command.toArray(String[]::new));
    if (!client.waitFor(SUBMIT_SECONDS, TimeUnit.SECONDS) || client.exitValue() != 0) {
      throw new AssertionError("flink run failed. It said:\n" + said("client"));
    }
  }

  /** What a process has written. */
  String said(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".log"));
  }

  private Process launch(String name, String heap, String... command) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // As the distribution's own configuration has it, for the command line alone.
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-Dlogback.configurationFile=" + configuration.resolve("logback.xml"),
                "-cp",
                distribution() + File.pathSeparator + directory.resolve("entry")));
    all.addAll(List.of(command));
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile());
    builder.environment().put("FLINK_CONF_DIR", configuration.toString());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static String distribution() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator, -1))
        .filter(jar -> DISTRIBUTION.stream().anyMatch(jar::contains))
        .filter(jar -> NOT_DISTRIBUTION.stream().noneMatch(jar::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
