package io.weir.routing.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Medians of measured engine times: the tables of Splitwise and SageServe where they are at hand
 * ({@code WEIR_DATA} or the system property {@code weir.data} names a folder that holds {@code
 * engine-profiles}, or {@code shared/data} lies beside the repository), else a few of their
 * medians.
 */
final class MeasuredEngines {
  private static final List<Row> FEW =
      List.of(
          new Row("h100-tp8-llama-2-70b-measured", 512, 1, 128, 53.4, 29.8),
          new Row("h100-tp8-llama-2-70b-measured", 512, 32, 128, Double.NaN, 38.6),
          new Row("h100-tp8-llama-2-70b-measured", 2048, 1, 128, 136.8, 31.1),
          new Row("a100-tp8-llama-2-70b-measured", 512, 1, 128, 94.3, 44.9),
          new Row("a100-tp8-llama-2-70b-measured", 512, 16, 128, Double.NaN, 50.4),
          new Row("a100-tp2-llama-3-8b-measured", 512, 1, 128, 28.1, 8.5),
          new Row("a100-tp2-llama-3-8b-measured", 512, 16, 128, Double.NaN, 12.3),
          new Row("a100-tp2-llama-3-8b-measured", 4096, 1, 128, 234.2, 8.8));

  private MeasuredEngines() {}

  /**
   * @param prefillMillis of one prompt alone; NaN for a batch, which these engines did not chunk
   * @param tpotMillis per output token
   */
  record Row(
      String profile, int prompt, int batch, int output, double prefillMillis, double tpotMillis) {}

  static List<Row> rows() {
    return folder()
        .map(
            folder ->
                Stream.of(
                        splitwise(folder, "h100-80gb", 8, "h100-tp8-llama-2-70b-measured"),
                        splitwise(folder, "h100-80gb", 4, "h100-tp4-llama-2-70b-measured"),
                        splitwise(folder, "a100-80gb", 8, "a100-tp8-llama-2-70b-measured"),
                        splitwise(folder, "a100-80gb", 4, "a100-tp4-llama-2-70b-measured"),
                        sageServe(folder))
                    .flatMap(List::stream)
                    .toList())
        .orElse(FEW);
  }

  private static Optional<Path> folder() {
    String named = System.getProperty("weir.data", System.getenv("WEIR_DATA"));
    return Stream.of(named, "../shared/data", "../../shared/data", "../../../shared/data")
        .filter(name -> name != null)
        .map(name -> Path.of(name).resolve("engine-profiles"))
        .filter(folder -> Files.exists(folder.resolve("splitwise_perf_model.csv")))
        .findFirst();
  }

  private static List<Row> splitwise(Path folder, String hardware, int gpus, String profile) {
    return medians(
        read(folder.resolve("splitwise_perf_model.csv")).stream()
            .filter(f -> f.get("model").equals("llama2-70b") && f.get("hardware").equals(hardware))
            .filter(f -> Integer.parseInt(f.get("tensor_parallel")) == gpus)
            .map(f -> row(f, profile, 1, 1))
            .toList());
  }

  /** Times are in seconds, and token_time is that of all tokens. Prompts of 8,192 were swapped. */
  private static List<Row> sageServe(Path folder) {
    return medians(
        read(folder.resolve("sageserve_Llama-3.1-8B-tp-2.csv")).stream()
            .filter(f -> Integer.parseInt(f.get("prompt_size")) < 8192)
            .map(
                f ->
                    row(
                        f,
                        "a100-tp2-llama-3-8b-measured",
                        1000,
                        1000 / Double.parseDouble(f.get("token_size"))))
            .toList());
  }

  private static Row row(
      Map<String, String> fields, String profile, double perPrefill, double perTokenTime) {
    int batch = Integer.parseInt(fields.get("batch_size"));
    return new Row(
        profile,
        Integer.parseInt(fields.get("prompt_size")),
        batch,
        Integer.parseInt(fields.get("token_size")),
        batch == 1 ? perPrefill * Double.parseDouble(fields.get("prompt_time")) : Double.NaN,
        perTokenTime * Double.parseDouble(fields.get("token_time")));
  }

  private static List<Row> medians(List<Row> rows) {
    Map<List<Object>, List<Row>> byShape =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> List.of(row.profile(), row.prompt(), row.batch(), row.output())));
    Map<String, Row> sorted = new TreeMap<>();
    for (List<Row> same : byShape.values()) {
      Row first = same.getFirst();
      sorted.put(
          first.toString(),
          new Row(
              first.profile(),
              first.prompt(),
              first.batch(),
              first.output(),
              median(same.stream().mapToDouble(Row::prefillMillis).toArray()),
              median(same.stream().mapToDouble(Row::tpotMillis).toArray())));
    }
    return List.copyOf(sorted.values());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
  }

  private static List<Map<String, String>> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      String[] names = lines.getFirst().split(",", -1);
      List<Map<String, String>> rows = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] values = line.split(",", -1);
        Map<String, String> row = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
          row.put(names[i], values[i]);
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
