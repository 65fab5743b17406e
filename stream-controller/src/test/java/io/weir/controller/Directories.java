package io.weir.controller;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories below the build's, which a clean build removes. */
final class Directories {
  private Directories() {}

  static Path fresh() {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target", "state")), "s");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
