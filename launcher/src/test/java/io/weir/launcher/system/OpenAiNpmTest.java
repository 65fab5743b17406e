package io.weir.launcher.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official JavaScript client, run by node, unchanged but for its base URL. */
class OpenAiNpmTest {
  private static final String PACKAGE = "openai@6.30.1";
  private static final Path FOLDER = Path.of("target", "openai-npm").toAbsolutePath();

  private static TestSystem system;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    assumeTrue(runs("node", "--version"), "node is not installed");
    assumeTrue(runs("npm", "--version"), "npm is not installed");
    assumeTrue(fetched(), PACKAGE + " cannot be fetched from the npm registry");
    system = TestSystem.instant(TestSystem.TWO_ENGINES);
  }

  @AfterAll
  static void stop() throws IOException {
    if (system != null) {
      system.close();
    }
  }

  /** Once a checkout; {@code mvn clean} forgets it. */
  private static boolean fetched() throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    if (Files.isDirectory(FOLDER.resolve("node_modules/openai"))) {
      return true;
    }
    return exit(
            List.of(
                "npm",
                "install",
                "--prefix",
                FOLDER.toString(),
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--no-save",
                PACKAGE),
            FOLDER.resolve("npm.log"))
        == 0;
  }

  private static boolean runs(String... command) throws IOException, InterruptedException {
    try {
      return exit(List.of(command), File.createTempFile("weir", ".log").toPath()) == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private static int exit(List<String> command, Path log) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return process.waitFor(2, TimeUnit.MINUTES) ? process.exitValue() : -1;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theClientWorksUnchanged() throws IOException, InterruptedException {
    Path script = FOLDER.resolve("conformance.mjs");
    try (InputStream source = OpenAiNpmTest.class.getResourceAsStream("conformance.mjs")) {
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = FOLDER.resolve("conformance.log");

    int exit = exit(List.of("node", script.toString(), system.base()), log);

    assertThat(Files.readString(log)).endsWith("all checks passed\n");
    assertThat(exit).isZero();
  }
}
