package io.weir.dispatcher;

import io.weir.schemas.GeoLink;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Says which measured distances are to be published: those that have changed by more than a tenth,
 * and each at least every 30 s.
 */
final class RttReport {
  private static final double CHANGE = 0.1;

  /** Within one data centre the time varies by more than a tenth and matters to nobody. */
  private static final double LEAST_CHANGE_SECONDS = 0.0005;

  private static final long REPEAT_NANOS = Duration.ofSeconds(30).toNanos();

  private final String source;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final Map<String, Said> said = new HashMap<>();

  private record Said(double seconds, long at) {}

  RttReport(String source, Clock clock, LongSupplier nanoClock) {
    this.source = source;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  /** The links to publish now. Not for use by several threads. */
  List<GeoLink> due(List<EngineSlots> engines) {
    long now = nanoClock.getAsLong();
    List<GeoLink> links = new ArrayList<>();
    for (EngineSlots engine : engines) {
      double seconds = engine.rtt().seconds();
      Said last = said.get(engine.id());
      if (!Double.isNaN(seconds) && (last == null || isDue(last, seconds, now))) {
        said.put(engine.id(), new Said(seconds, now));
        // What its answers cost to send is nothing that a probe can tell.
        links.add(new GeoLink(source, engine.id(), seconds * 1000, 0.0, true, clock.instant()));
      }
    }
    forgetOthers(engines);
    return links;
  }

  private static boolean isDue(Said last, double seconds, long now) {
    double change = Math.abs(seconds - last.seconds());
    return now - last.at() >= REPEAT_NANOS
        || change > Math.max(CHANGE * last.seconds(), LEAST_CHANGE_SECONDS);
  }

  private void forgetOthers(List<EngineSlots> engines) {
    if (said.size() > engines.size()) {
      Set<String> ids = engines.stream().map(EngineSlots::id).collect(Collectors.toSet());
      said.keySet().retainAll(ids);
    }
  }
}
