package io.weir.routing.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Measured round trips between cloud regions; the same both ways. */
public final class RegionRoundTrips {
  private static final String TABLE = "region-rtt.csv";
  private static final Map<Pair, Duration> MEASURED = read();

  private RegionRoundTrips() {}

  private record Pair(String from, String to) {}

  /**
   * The round trip between two regions, zero within one.
   *
   * @return empty if it was not measured
   */
  public static Optional<Duration> between(String from, String to) {
    return from.equals(to)
        ? Optional.of(Duration.ZERO)
        : Optional.ofNullable(MEASURED.get(new Pair(from, to)));
  }

  private static Map<Pair, Duration> read() {
    try (InputStream resource = RegionRoundTrips.class.getResourceAsStream(TABLE)) {
      if (resource == null) {
        throw new IllegalStateException(TABLE + " is missing from this build");
      }
      Map<Pair, Duration> table = new HashMap<>();
      for (String line :
          new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))
              .lines()
              .filter(line -> !line.startsWith("#") && !line.startsWith("from,"))
              .collect(Collectors.toList())) {
        String[] fields = line.split(",", -1);
        Duration time = Duration.ofNanos(Math.round(Double.parseDouble(fields[2]) * 1e6));
        table.put(new Pair(fields[0], fields[1]), time);
        table.put(new Pair(fields[1], fields[0]), time);
      }
      return Map.copyOf(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
