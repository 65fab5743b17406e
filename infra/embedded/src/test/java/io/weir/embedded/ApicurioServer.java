package io.weir.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real Apicurio Registry, from its artifact, with its storage in memory. */
final class ApicurioServer implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[0-9.:]+)\\.");
  private static final long FETCH_MINUTES = 3;

  private final Process process;
  private final String url;

  private ApicurioServer(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Where it speaks Confluent's protocol. */
  String url() {
    return url + "/apis/ccompat/v7";
  }

  /** Fetches and unpacks the server; empty if there is no Maven here or it cannot fetch it. */
  static Optional<Path> fetch(Path target) throws IOException, InterruptedException {
    String version = System.getProperty("apicurio.version");
    Path home = target.resolve("apicurio-" + version);
    if (Files.exists(home.resolve("quarkus-run.jar"))) {
      return Optional.of(home);
    }
    Files.createDirectories(home);
    boolean fetched =
        run(
            target,
            "mvn",
            "-B",
            "-q",
            "-N",
            "-f",
            Path.of("pom.xml").toAbsolutePath().toString(),
            "dependency:copy",
            "-Dartifact=io.apicurio:apicurio-registry-app:" + version + ":tar.gz:all",
            "-DoutputDirectory=" + target.toAbsolutePath(),
            "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"));
    Path archive = target.resolve("apicurio-registry-app-" + version + "-all.tar.gz");
    boolean unpacked =
        fetched
            && run(
                target,
                "tar",
                "-xzf",
                archive.toAbsolutePath().toString(),
                "-C",
                home.toAbsolutePath().toString());
    Files.deleteIfExists(archive);
    return Optional.of(home).filter(ready -> unpacked);
  }

  private static boolean run(Path directory, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("apicurio-fetch.log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    try {
      Process process = builder.start();
      if (process.waitFor(FETCH_MINUTES, TimeUnit.MINUTES)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  static ApicurioServer start(Path home) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-Dquarkus.http.host=127.0.0.1",
                    "-Dquarkus.http.port=0",
                    "-Dquarkus.management.host=127.0.0.1",
                    "-Dquarkus.management.port=0",
                    "-Dquarkus.log.console.json=false",
                    "-jar",
                    home.resolve("quarkus-run.jar").toAbsolutePath().toString()))
            .redirectErrorStream(true)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().name("weir-apicurio-output").start(() -> drain(out));
        return new ApicurioServer(process, listening.group(1));
      }
      said.append(line).append('\n');
    }
    throw new IOException("Apicurio did not start. It said:\n" + said);
  }

  private static void drain(BufferedReader out) {
    try (out) {
      out.transferTo(Writer.nullWriter());
    } catch (IOException ended) {
      // The process has ended, and its output with it.
      return;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
