package io.weir.routing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.routing.config.Configs;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.MetricsDialect;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetRecordsTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000);

  private static Engine engine(String id, String region, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.putAll(Map.of("id", id, "url", "http://h:8000", "pool", "p", "region", region));
    return Configs.with(Engine.class, values);
  }

  private static Fleet fleet(List<RegionLink> links, Engine... engines) {
    return new Fleet(
        List.of(new Source("us", "aws:us-east-1"), new Source("desk", "local")),
        List.of(new Pool("p", List.of(), PickPolicy.LEAST_COST)),
        List.of(engines),
        List.of(),
        new GeographyConfig(links));
  }

  @Test
  void anEngineIsPublishedWithoutItsKey() {
    // Given
    Engine engine =
        engine(
            "a",
            "aws:us-east-1",
            Map.of(
                "api-key", "secret",
                "profile", "h100-llama-3-8b",
                "telemetry", "trtllm",
                "metrics-url", "http://h:9000/prom",
                "price-per-hour", "2.5"));

    // When
    EngineSpec spec = FleetRecords.engines(fleet(List.of(), engine)).getFirst();

    // Then
    assertThat(spec.toString()).doesNotContain("secret");
    assertThat(spec.getDialect()).isEqualTo(MetricsDialect.TRT_LLM);
    assertThat(spec.getMetricsUrl()).hasValue("http://h:9000/prom");
    assertThat(spec.getPricePerHour()).isEqualTo(2.5);
    assertThat(spec.getTiming().getProfile()).isEqualTo("h100-llama-3-8b");
    assertThat(spec.getTiming().getConfidence()).isEqualTo(0.5);
  }

  @Test
  void enginesNobodyDescribedKeepTheProportionOfTheirWeights() {
    List<EngineSpec> specs =
        FleetRecords.engines(
            fleet(
                List.of(),
                engine("big", "local", Map.of("weight", "3")),
                engine("small", "local", Map.of("weight", "1"))));

    assertThat(specs.get(1).getTiming().getG())
        .isCloseTo(3 * specs.get(0).getTiming().getG(), within(1e-12));
    assertThat(specs.get(0).getTiming().getConfidence()).isEqualTo(0.25);
  }

  @Test
  void knownRegionsHaveTheirMeasuredDistanceAndListPrice() {
    List<GeoLink> links =
        FleetRecords.links(
            fleet(
                List.of(),
                engine("a", "aws:us-east-1", Map.of()),
                engine("b", "aws:sa-east-1", Map.of()),
                engine("c", "aws:sa-east-1", Map.of()),
                engine("d", "mars", Map.of())),
            NOW);

    // Then one way for each pair of regions, and none where the distance is not known
    assertThat(links)
        .extracting(FleetRecords::key)
        .containsExactly("aws:us-east-1|aws:us-east-1", "aws:us-east-1|aws:sa-east-1");
    assertThat(links.getFirst().getRttMillis()).isZero();
    assertThat(links.getFirst().getEgressPerGb()).isZero();
    assertThat(links.get(1).getRttMillis()).isCloseTo(115.9, within(1e-9));
    assertThat(links.get(1).getEgressPerGb()).as("out of São Paulo").isEqualTo(0.138);
    assertThat(links).noneMatch(GeoLink::getMeasured);
  }

  @Test
  void aConfiguredLinkGoesBeforeTheTableBothWays() {
    RegionLink link =
        new RegionLink(
            "aws:sa-east-1",
            "aws:us-east-1",
            Optional.of(Duration.ofMillis(100)),
            Optional.empty());
    RegionLink toMars =
        new RegionLink("local", "mars", Optional.of(Duration.ofMinutes(6)), Optional.of(7.0));

    List<GeoLink> links =
        FleetRecords.links(
            fleet(
                List.of(link, toMars),
                engine("b", "aws:sa-east-1", Map.of()),
                engine("d", "mars", Map.of())),
            NOW);

    assertThat(links).extracting(GeoLink::getRttMillis).containsExactly(100.0, 360_000.0);
    assertThat(links).extracting(GeoLink::getEgressPerGb).containsExactly(0.138, 7.0);
  }
}
