package io.weir.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints that earlier runs of the embedded job have left in a local directory, {@code
 * <run>/chk-<n>} each.
 */
final class KeptCheckpoints {
  private static final String COMPLETE = "_metadata";

  private final Path directory;

  KeptCheckpoints(Path directory) {
    this.directory = directory;
  }

  /** The newest complete one. */
  Optional<Path> newest() throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(directory, 3)) {
      return files
          .filter(file -> file.endsWith(COMPLETE))
          .max(Comparator.comparing(KeptCheckpoints::modified))
          .map(Path::getParent);
    }
  }

  /** Removes the runs that nothing will be restored from. */
  void removeRunsOtherThan(Optional<Path> kept) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> runs = Files.list(directory)) {
      for (Path run : runs.toList()) {
        if (kept.filter(checkpoint -> checkpoint.startsWith(run)).isEmpty()) {
          remove(run);
        }
      }
    }
  }

  private static void remove(Path tree) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(tree)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }
}
