package io.weir.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Recorded workloads: the Azure LLM inference traces' CSV ({@code
 * TIMESTAMP,ContextTokens,GeneratedTokens}) and Mooncake's JSON lines ({@code timestamp} in
 * milliseconds, {@code input_length}, {@code output_length}, {@code hash_ids}). Arrival times are
 * taken relative to the first.
 */
public final class TraceFile {
  private static final DateTimeFormatter AZURE_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .toFormatter();

  private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

  private static final ObjectMapper JSON = new ObjectMapper();

  private TraceFile() {}

  /**
   * Reads a trace in either format.
   *
   * @throws IllegalArgumentException naming file and line of what cannot be read
   * @throws IOException if the file cannot be read
   */
  public static List<Shot> read(Path file) throws IOException {
    List<Shot> shots = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank() || (number == 1 && line.startsWith("TIMESTAMP"))) {
        continue;
      }
      try {
        shots.add(line.startsWith("{") ? mooncake(line) : azure(line));
      } catch (IllegalArgumentException | DateTimeParseException | IOException e) {
        throw new IllegalArgumentException(
            file
                + ":"
                + number
                + ": neither an Azure line (2023-11-16 18:15:46.68,374,44) nor a Mooncake one"
                + " ({\"timestamp\": 0, \"input_length\": 374, \"output_length\": 44})",
            e);
      }
    }
    if (shots.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no requests");
    }
    return fromZero(shots);
  }

  private static Shot azure(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length < 3) {
      throw new IllegalArgumentException("three fields are needed");
    }
    LocalDateTime time = LocalDateTime.parse(fields[0].strip(), AZURE_TIME);
    return new Shot(
        ChronoUnit.NANOS.between(EPOCH, time),
        Integer.parseInt(fields[1].strip()),
        Integer.parseInt(fields[2].strip()),
        List.of());
  }

  private static Shot mooncake(String line) throws IOException {
    JsonNode json = JSON.readTree(line);
    for (String field : List.of("timestamp", "input_length", "output_length")) {
      if (!json.path(field).isNumber()) {
        throw new IllegalArgumentException(field + " is missing");
      }
    }
    List<Integer> blocks = new ArrayList<>();
    json.path("hash_ids").forEach(id -> blocks.add(id.intValue()));
    return new Shot(
        Math.round(json.get("timestamp").doubleValue() * 1e6),
        json.get("input_length").intValue(),
        json.get("output_length").intValue(),
        blocks);
  }

  private static List<Shot> fromZero(List<Shot> shots) {
    List<Shot> sorted = shots.stream().sorted(Comparator.comparingLong(Shot::offsetNanos)).toList();
    long start = sorted.getFirst().offsetNanos();
    return sorted.stream()
        .map(
            shot ->
                new Shot(
                    shot.offsetNanos() - start,
                    shot.promptTokens(),
                    shot.outputTokens(),
                    shot.prefixBlocks()))
        .toList();
  }
}
