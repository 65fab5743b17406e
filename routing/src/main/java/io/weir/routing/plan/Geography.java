package io.weir.routing.plan;

import io.weir.routing.plan.Distance.Basis;
import io.weir.schemas.GeoLink;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Distances between sources and engines: measured where a dispatcher has measured, else configured
 * by region, in either direction. Immutable.
 */
public final class Geography {
  private static final Geography EMPTY = new Geography(Map.of(), Map.of());
  private static final double BYTES_PER_GB = 1e9;

  private final Map<String, GeoLink> measured;
  private final Map<String, GeoLink> configured;

  private Geography(Map<String, GeoLink> measured, Map<String, GeoLink> configured) {
    this.measured = measured;
    this.configured = configured;
  }

  /** Of two links between the same places the newer counts. */
  public static Geography of(Collection<GeoLink> links) {
    Map<String, GeoLink> measured = new HashMap<>();
    Map<String, GeoLink> configured = new HashMap<>();
    for (GeoLink link : links) {
      (link.getMeasured() ? measured : configured)
          .merge(
              key(link.getFrom(), link.getTo()),
              link,
              (one, other) -> other.getAt().isBefore(one.getAt()) ? one : other);
    }
    return new Geography(Map.copyOf(measured), Map.copyOf(configured));
  }

  /** Knows nothing: everything is local or unknown. */
  public static Geography unknown() {
    return EMPTY;
  }

  /**
   * The way from a source to an engine.
   *
   * @param nowMillis ms since the epoch; decides whether a measurement is still fresh
   */
  public Distance distance(
      SourceRegion source, String engine, String region, PlanPolicy policy, long nowMillis) {
    Optional<GeoLink> between = configured(source.region(), region);
    double egress = between.map(GeoLink::getEgressPerGb).orElse(0.0);
    GeoLink seen = measured.get(key(source.source(), engine));
    if (seen != null && fresh(seen, policy, nowMillis)) {
      return new Distance(seen.getRttMillis() / 1e3, egress, Basis.MEASURED);
    }
    Basis otherwise = seen == null ? Basis.CONFIGURED : Basis.OUTDATED;
    if (between.isPresent()) {
      return new Distance(between.get().getRttMillis() / 1e3, egress, otherwise);
    }
    if (source.region().equals(region)) {
      return new Distance(policy.localRtt().toNanos() / 1e9, 0, Basis.LOCAL);
    }
    return new Distance(policy.unknownRtt().toNanos() / 1e9, 0, Basis.UNKNOWN);
  }

  /** Cost of the way in seconds for a request with this much answer. */
  static double seconds(Distance distance, double outputTokens, PlanPolicy policy) {
    double dollars = distance.egressPerGb() * outputTokens * policy.bytesPerToken() / BYTES_PER_GB;
    return policy.rttWeight() * distance.rttSeconds() + policy.dollarWeight() * dollars;
  }

  private static boolean fresh(GeoLink link, PlanPolicy policy, long nowMillis) {
    return nowMillis - link.getAt().toEpochMilli() <= policy.measuredRttTimeout().toMillis();
  }

  private Optional<GeoLink> configured(String from, String to) {
    GeoLink there = configured.get(key(from, to));
    return Optional.ofNullable(there == null ? configured.get(key(to, from)) : there);
  }

  private static String key(String from, String to) {
    return from + "|" + to;
  }
}
