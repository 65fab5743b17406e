package io.weir.routing.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Round trips and egress prices between cloud regions: those measured by Skyplane where {@code
 * WEIR_DATA} (environment or system property {@code weir.data}) names a folder that holds {@code
 * region-rtt/}, otherwise a small made-up sample.
 */
record RegionTable(
    List<String> regions, Map<String, Double> rttMillis, Map<String, Double> dollarsPerGb) {
  private static final double LOCAL_RTT_MILLIS = 1;
  private static final double UNKNOWN_RTT_MILLIS = 180;
  private static final double UNKNOWN_DOLLARS_PER_GB = 0.09;

  static RegionTable load() {
    return dataFolder().map(RegionTable::measured).orElseGet(RegionTable::sample);
  }

  static Optional<Path> dataFolder() {
    String named = System.getProperty("weir.data", System.getenv("WEIR_DATA"));
    return Optional.ofNullable(named)
        .map(folder -> Path.of(folder, "region-rtt"))
        .filter(Files::isDirectory);
  }

  static RegionTable sample() {
    try (InputStream rtt = RegionTable.class.getResourceAsStream("sample-rtt.csv");
        InputStream egress = RegionTable.class.getResourceAsStream("sample-egress.csv")) {
      return of(lines(rtt.readAllBytes()), lines(egress.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RegionTable measured(Path folder) {
    try {
      return of(
          Files.readAllLines(folder.resolve("skyplane_latency_2022.csv")),
          Files.readAllLines(folder.resolve("skyplane_egress_cost_usd_per_gb.csv")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RegionTable of(List<String> latency, List<String> egress) {
    Map<String, Double> rtt = new HashMap<>();
    TreeSet<String> regions = new TreeSet<>();
    for (String line : latency.subList(1, latency.size())) {
      String[] f = line.split(",", -1);
      if (f[1].equals("PREMIUM") && f[4].equals("PREMIUM")) {
        regions.add(f[0]);
        regions.add(f[3]);
        rtt.put(f[0] + '|' + f[3], Double.parseDouble(f[7]));
      }
    }
    Map<String, Double> dollars = new HashMap<>();
    for (String line : egress.subList(1, egress.size())) {
      String[] f = line.split(",", -1);
      dollars.put(f[0] + '|' + f[1], Double.parseDouble(f[4]));
    }
    return new RegionTable(List.copyOf(regions), rtt, dollars);
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).lines().toList();
  }

  double rttMillis(int from, int to) {
    if (from == to) {
      return LOCAL_RTT_MILLIS;
    }
    Double there = rttMillis.get(regions.get(from) + '|' + regions.get(to));
    Double back = rttMillis.get(regions.get(to) + '|' + regions.get(from));
    if (there == null) {
      return back == null ? UNKNOWN_RTT_MILLIS : back;
    }
    return there;
  }

  double dollarsPerGb(int from, int to) {
    if (from == to) {
      return 0;
    }
    return dollarsPerGb.getOrDefault(
        regions.get(from) + '|' + regions.get(to), UNKNOWN_DOLLARS_PER_GB);
  }
}
