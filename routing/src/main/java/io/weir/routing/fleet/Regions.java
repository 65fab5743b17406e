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
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of cloud regions: measured round trips, and list prices of traffic. */
public final class Regions {
  private static final String TABLE = "regions.csv";
  private static final Set<String> CLOUDS = Set.of("aws", "azure", "gcp");

  /** US dollars per GB; what most regions take. */
  private static final double WITHIN_A_CLOUD = 0.02;

  private static final double OUT_OF_A_CLOUD = 0.09;

  private static final Map<Pair, Way> KNOWN = read();

  private Regions() {}

  private record Pair(String from, String to) {}

  private record Way(Duration roundTrip, double egress) {}

  /**
   * The round trip between two regions, zero within one; the same both ways.
   *
   * @return empty if it was not measured
   */
  public static Optional<Duration> roundTrip(String from, String to) {
    return from.equals(to)
        ? Optional.of(Duration.ZERO)
        : Optional.ofNullable(KNOWN.get(new Pair(from, to))).map(Way::roundTrip);
  }

  /** US dollars per GB sent out of one region to another; 0 where the sender is in no cloud. */
  public static double egressPerGb(String from, String to) {
    if (from.equals(to)) {
      return 0;
    }
    Way way = KNOWN.get(new Pair(from, to));
    if (way != null) {
      return way.egress();
    }
    String cloud = cloud(from);
    if (!CLOUDS.contains(cloud)) {
      return 0;
    }
    return cloud.equals(cloud(to)) ? WITHIN_A_CLOUD : OUT_OF_A_CLOUD;
  }

  private static String cloud(String region) {
    return region.substring(0, Math.max(0, region.indexOf(':')));
  }

  private static Map<Pair, Way> read() {
    try (InputStream resource = Regions.class.getResourceAsStream(TABLE)) {
      if (resource == null) {
        throw new IllegalStateException(TABLE + " is missing from this build");
      }
      Map<Pair, Way> table = new HashMap<>();
      for (String line :
          new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))
              .lines()
              .filter(line -> !line.startsWith("#") && !line.startsWith("from,"))
              .collect(Collectors.toList())) {
        String[] fields = line.split(",", -1);
        Duration time = Duration.ofNanos(Math.round(Double.parseDouble(fields[2]) * 1e6));
        table.put(new Pair(fields[0], fields[1]), new Way(time, Double.parseDouble(fields[3])));
        table.put(new Pair(fields[1], fields[0]), new Way(time, Double.parseDouble(fields[4])));
      }
      return Map.copyOf(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
