package io.weir.launcher.process;

import java.io.IOException;
import java.nio.file.Path;

/** The folder of examples; tests run in their module's folder. */
final class Examples {
  private Examples() {}

  static Path file(String name) throws IOException {
    return Path.of("..", "examples").toRealPath().resolve(name);
  }
}
