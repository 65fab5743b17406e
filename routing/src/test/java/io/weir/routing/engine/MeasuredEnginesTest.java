package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.engine.MeasuredEngines.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Holds the iteration model against whole engines that others have measured. */
class MeasuredEnginesTest {
  private static final int UNCHUNKED = 16_384;

  @Test
  void timePerTokenIsThatOfTheMeasuredEngines() {
    // Given
    List<Row> rows = MeasuredEngines.rows();
    assertThat(rows).hasSizeGreaterThan(7);

    // Then
    for (Row row : rows) {
      assertThat(simulated(row).tpotMillis())
          .as("%s", row)
          .isCloseTo(row.tpotMillis(), Percentage.withPercentage(16));
    }
    assertThat(meanError(rows, row -> simulated(row).tpotMillis() / row.tpotMillis()))
        .isLessThan(.04);
  }

  @Test
  void timeToTheFirstTokenIsNearThatOfTheMeasuredEngines() {
    // Given prompts that are neither all start-up cost nor longer than was fitted
    List<Row> rows =
        MeasuredEngines.rows().stream()
            .filter(row -> row.batch() == 1 && row.output() == 128)
            .filter(row -> row.prompt() >= 512 && row.prompt() <= 4096)
            .toList();

    // Then
    for (Row row : rows) {
      assertThat(simulated(row).prefillMillis())
          .as("%s", row)
          .isCloseTo(row.prefillMillis(), Percentage.withPercentage(30));
    }
    assertThat(meanError(rows, row -> simulated(row).prefillMillis() / row.prefillMillis()))
        .isLessThan(.1);
  }

  @Test
  void kernelsAllowMoreThanWholeEnginesDo() {
    // Given the profile of an 8B model on two A100s from its kernels alone
    List<Row> rows =
        MeasuredEngines.rows().stream()
            .filter(row -> row.profile().equals("a100-tp2-llama-3-8b-measured"))
            .filter(row -> row.prompt() == 512)
            .toList();

    // Then it is right about a single sequence and up to 45 % too fast for many
    for (Row row : rows) {
      double kernels =
          simulated(
                  new Row(
                      "a100-tp2-llama-3-8b",
                      row.prompt(),
                      row.batch(),
                      row.output(),
                      Double.NaN,
                      Double.NaN))
              .tpotMillis();
      assertThat(kernels / row.tpotMillis())
          .as("%s", row)
          .isBetween(row.batch() == 1 ? .85 : .55, 1.05);
    }
  }

  private static double meanError(List<Row> rows, ToDoubleFunction<Row> ratio) {
    return rows.stream()
        .mapToDouble(row -> Math.abs(ratio.applyAsDouble(row) - 1))
        .average()
        .orElseThrow();
  }

  /** A batch that is prefilled together and then decodes together. */
  private static Row simulated(Row row) {
    EngineProfile profile =
        EngineProfiles.named(row.profile())
            .orElseThrow()
            .withBatch(256, row.batch() * UNCHUNKED)
            .withCache(200_000, 16, 0);
    EngineModel<Integer> engine = new EngineModel<>(profile);
    // The first begins alone; the others arrive while it is prefilled.
    for (int i = 0; i < row.batch(); i++) {
      engine.submit(0, i, Work.unshared(row.prompt(), row.output()));
    }
    double firstPrefill = engine.iterationEnd() * 1e-6;
    List<Long> ends = new ArrayList<>();
    while (engine.iterationEnd() != EngineModel.IDLE) {
      long end = engine.iterationEnd();
      engine.endIteration(
          (id, tokens, last) -> {
            if (id == row.batch() - 1) {
              ends.add(end);
            }
          });
    }
    double decode = (ends.getLast() - ends.getFirst()) * 1e-6;
    return new Row(
        row.profile(),
        row.prompt(),
        row.batch(),
        row.output(),
        firstPrefill,
        decode / (ends.size() - 1));
  }
}
