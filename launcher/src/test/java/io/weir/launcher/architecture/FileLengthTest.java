package io.weir.launcher.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file is a room with one job. */
class FileLengthTest {
  private static final int LONGEST = 500;

  private static List<Path> sources() throws IOException {
    // Tests run in their module's folder.
    try (Stream<Path> files = Files.walk(Path.of("..").toRealPath())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noSourceFileIsLongerThanFiveHundredLines() throws IOException {
    assertThat(sources()).hasSizeGreaterThan(100).allMatch(file -> lines(file) <= LONGEST);
  }
}
