package io.weir.controller.batches;

import io.weir.controller.batches.Work.Checked;
import io.weir.routing.batch.InputCheck;
import io.weir.routing.batch.LineParser;
import io.weir.routing.batch.LineSplitter;
import io.weir.routing.batch.LineSplitter.Line;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchError;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.files.FileGoneException;
import io.weir.schemas.files.FileReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Checks all lines of a batch's file. */
record Validation(
    KafkaSettings kafka,
    String clientId,
    BatchesConfig config,
    Batch batch,
    Predicate<String> isModel)
    implements Callable<Checked> {
  static final Duration PATIENCE = Duration.ofSeconds(15);

  @Override
  public Checked call() throws IOException {
    LineParser parser =
        new LineParser(batch.getEndpoint(), config.line().toIntBytes(), config.jsonDepth());
    InputCheck check = new InputCheck(parser, isModel);
    try (FileReader reader = new FileReader(kafka, clientId, PATIENCE)) {
      LineSplitter lines =
          new LineSplitter(reader.open(batch.getInput())::next, config.line().toIntBytes());
      Optional<Line> line = lines.next();
      while (line.isPresent() && check.take(line.get())) {
        line = lines.next();
      }
    } catch (FileGoneException gone) {
      return new Checked(0, List.of(gone(gone)));
    }
    return new Checked(check.lines(), check.errors());
  }

  static BatchError gone(FileGoneException gone) {
    return new BatchError("input_file_gone", gone.getMessage(), "input_file_id", null);
  }
}
