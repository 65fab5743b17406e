package io.weir.routing.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.plan.Distance.Basis;
import io.weir.schemas.GeoLink;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeographyTest {
  private static final long NOW = 1_000_000;

  private static GeoLink link(String from, String to, double rtt, boolean measured, long at) {
    return GeoLink.newBuilder()
        .setFrom(from)
        .setTo(to)
        .setRttMillis(rtt)
        .setEgressPerGb(.05)
        .setMeasured(measured)
        .setAt(Instant.ofEpochMilli(at))
        .build();
  }

  private static Distance between(Geography geography, String source, String region) {
    return geography.distance(
        new SourceRegion(source, "r-" + source), "engine", region, Pools.POLICY, NOW);
  }

  @Test
  void whatWasMeasuredLatelyCountsMoreThanWhatIsConfigured() {
    // Given
    Geography geography =
        Geography.of(
            List.of(
                link("r-east", "r-west", 70, false, 0),
                link("east", "engine", 81, true, NOW - 10_000),
                link("east", "engine", 90, true, NOW - 20_000)));

    // Then the newest measurement, with the configured price
    assertThat(between(geography, "east", "r-west"))
        .isEqualTo(new Distance(.081, .05, Basis.MEASURED));
  }

  @Test
  void anOldMeasurementGivesWayToTheConfiguredOneAndIsNamed() {
    Geography geography =
        Geography.of(
            List.of(
                link("r-west", "r-east", 70, false, 0),
                link("east", "engine", 81, true, NOW - 61_000)));

    assertThat(between(geography, "east", "r-west"))
        .isEqualTo(new Distance(.07, .05, Basis.OUTDATED));
  }

  @Test
  void withoutALinkItIsLocalOrUnknown() {
    Geography nothing = Geography.unknown();

    assertThat(between(nothing, "east", "r-east").basis()).isEqualTo(Basis.LOCAL);
    assertThat(between(nothing, "east", "r-west")).isEqualTo(new Distance(.1, 0, Basis.UNKNOWN));
  }

  @Test
  void distanceAndEgressAreSecondsInTheEnd() {
    // Given 200 bytes for each of 500 tokens at 5 cents a GB, a dollar being worth 1,000 s
    double seconds = Geography.seconds(new Distance(.07, .05, Basis.CONFIGURED), 500, Pools.POLICY);

    assertThat(seconds).isEqualTo(.07 + 1000 * .05 * 500 * 200 / 1e9, within(1e-12));
  }
}
