package io.weir.controller.batches;

import io.weir.schemas.BatchError;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.FileInfo;
import java.util.List;
import java.util.Optional;

/** What is done for a batch beside the runner's thread, as it takes long. */
final class Work {
  private Work() {}

  /** What came of it. */
  sealed interface Done {}

  /**
   * The input was checked.
   *
   * @param lines how many requests there are
   * @param errors why the batch cannot begin; none if it can
   */
  record Checked(int lines, List<BatchError> errors) implements Done {}

  /**
   * The answers were collected.
   *
   * @param end what the batch ends as
   * @param output file of answers; none if there are none
   * @param errors file of all other lines
   */
  record Collected(
      BatchStatus end,
      int completed,
      int failed,
      Optional<FileInfo> output,
      Optional<FileInfo> errors)
      implements Done {}
}
