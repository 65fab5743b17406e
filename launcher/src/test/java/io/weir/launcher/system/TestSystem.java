package io.weir.launcher.system;

import io.weir.launcher.config.TestConfigs;
import io.weir.launcher.role.LocalSystem;
import io.weir.launcher.role.Ports;
import io.weir.launcher.role.Stages;
import io.weir.sim.Timing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A whole system in this process, on free ports and with data in a folder of its own. */
final class TestSystem implements AutoCloseable {
  /** Two engines behind one source. */
  static final String TWO_ENGINES =
      """
      sources: [{name: home}]
      pools:
        - name: llama-3-8b
          weights: static
          models: [llama-3-8b, gpt-4o-mini, text-embedding-3-small]
      engines:
        - {id: a, url: "http://127.0.0.1:0", pool: llama-3-8b, max-in-flight: 256}
        - {id: b, url: "http://127.0.0.1:0", pool: llama-3-8b, max-in-flight: 256}
      engine-sim: {a: {}, b: {}}
      ingress: {port: 0}
      dispatcher: {port: 0}
      controller: {port: 0}
      embedded: {broker-port: 0, registry-port: 0}
      """;

  private final Path folder;
  private final LocalSystem system;

  private TestSystem(Path folder, LocalSystem system) {
    this.folder = folder;
    this.system = system;
  }

  /** Starts a system whose engines answer at once. */
  static TestSystem instant(String yaml) throws IOException {
    Path folder = Files.createTempDirectory("weir-system-");
    return new TestSystem(
        folder,
        LocalSystem.start(
            TestConfigs.of(yaml),
            new Ports(0),
            folder,
            Optional.of(Timing.INSTANT),
            new Stages(new PrintWriter(Writer.nullWriter()))));
  }

  LocalSystem system() {
    return system;
  }

  /** Where clients go. */
  URI uri() {
    return system.ingresses().values().iterator().next();
  }

  /** The base URL that SDKs take. */
  String base() {
    return uri() + "/v1";
  }

  @Override
  public void close() throws IOException {
    system.close();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
