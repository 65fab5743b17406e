package io.weir.routing.fleet;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.IterationCost;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineTiming;
import io.weir.schemas.GeoLink;
import io.weir.schemas.MetricsDialect;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fleet as the records that are published of it. Keys are never among them. */
public final class FleetRecords {
  /**
   * What is planned with of an engine nobody described: enough to get work, and by its metrics a
   * profile, without being relied on.
   */
  private static final double UNKNOWN = 0.25;

  private static final double MILLIS_PER_NANO = 1e-6;

  private FleetRecords() {}

  /**
   * Every engine of the fleet, neither draining nor ramping up.
   *
   * <p>An engine without a profile is taken for a default one, slowed by how much less its weight
   * is than the largest of such engines in its pool, and hardly trusted until its metrics tell
   * more.
   */
  public static List<EngineSpec> engines(Fleet fleet) {
    return fleet.engines().stream().map(engine -> engine(fleet, engine)).toList();
  }

  /**
   * The way from every source's region to every engine's, as far as it was configured or is known.
   * Keys are {@link #key}.
   *
   * @param at the time they are told of
   */
  public static List<GeoLink> links(Fleet fleet, Instant at) {
    Map<String, GeoLink> links = new LinkedHashMap<>();
    for (Source source : fleet.sources()) {
      for (Engine engine : fleet.engines()) {
        link(fleet.geography(), source.region(), engine.region(), at)
            .ifPresent(link -> links.putIfAbsent(key(link), link));
      }
    }
    return new ArrayList<>(links.values());
  }

  /** The key under which a link is published. */
  public static String key(GeoLink link) {
    return link.getFrom() + "|" + link.getTo();
  }

  private static Optional<GeoLink> link(
      GeographyConfig geography, String from, String to, Instant at) {
    Optional<RegionLink> configured = geography.between(from, to);
    Optional<Duration> rtt =
        configured.flatMap(RegionLink::rtt).or(() -> Regions.roundTrip(from, to));
    double egress =
        configured.flatMap(RegionLink::egressPerGb).orElseGet(() -> Regions.egressPerGb(to, from));
    return rtt.map(
        time -> new GeoLink(from, to, time.toNanos() * MILLIS_PER_NANO, egress, false, at));
  }

  private static EngineSpec engine(Fleet fleet, Engine engine) {
    return EngineSpec.newBuilder()
        .setId(engine.id())
        .setUrl(engine.url().toString())
        .setPool(engine.pool())
        .setRegion(engine.region())
        .setWeight(engine.weight())
        .setMaxInFlight(engine.maxInFlight())
        .setTiming(timing(fleet, engine))
        .setPricePerHour(engine.pricePerHour())
        .setDialect(dialect(engine.telemetry()))
        .setMetricsUrl(engine.metricsUrl().map(URI::toString).orElse(null))
        .setDraining(false)
        .setRampFrom(null)
        .setContinues(engine.continues())
        .build();
  }

  private static EngineTiming timing(Fleet fleet, Engine engine) {
    return engine
        .profile()
        .map(profile -> timing(profile.profile(), profile.trust()))
        .orElseGet(() -> timing(guess(fleet, engine).profile(), UNKNOWN));
  }

  private static ProfileConfig guess(Fleet fleet, Engine engine) {
    double largest =
        fleet.enginesOf(engine.pool()).stream()
            .filter(other -> other.profile().isEmpty())
            .mapToDouble(Engine::weight)
            .max()
            .orElse(engine.weight());
    return ProfileConfig.catalogue(engine.weight() / largest);
  }

  private static EngineTiming timing(EngineProfile profile, double confidence) {
    IterationCost cost = profile.cost();
    return EngineTiming.newBuilder()
        .setProfile(profile.name())
        .setT0(cost.t0())
        .setA(cost.a())
        .setC0(cost.c0())
        .setG(cost.g())
        .setDelta(cost.delta())
        .setDelta2(cost.delta2())
        .setOverhead(cost.overhead())
        .setMaxNumSeqs(profile.maxNumSeqs())
        .setMaxNumBatchedTokens(profile.maxNumBatchedTokens())
        .setKvBlocks(profile.kvBlocks())
        .setBlockSize(profile.blockSize())
        .setHostBlocks(profile.hostBlocks())
        .setHostLoadMillis(profile.hostLoadMillis())
        .setMaxModelLen(profile.maxModelLen())
        .setConfidence(confidence)
        .build();
  }

  private static MetricsDialect dialect(Telemetry telemetry) {
    return switch (telemetry) {
      case AUTO -> MetricsDialect.AUTO;
      case VLLM -> MetricsDialect.VLLM;
      case SGLANG -> MetricsDialect.SGLANG;
      case TRTLLM -> MetricsDialect.TRT_LLM;
      case LLAMA_CPP -> MetricsDialect.LLAMA_CPP;
      case TGI -> MetricsDialect.TGI;
      case NONE -> MetricsDialect.NONE;
    };
  }
}
