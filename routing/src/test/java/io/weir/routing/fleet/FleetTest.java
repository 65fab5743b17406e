package io.weir.routing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static Engine engine(String id, String pool) {
    return Configs.with(
        Engine.class, Map.of("id", id, "url", "http://127.0.0.1:8101", "pool", pool));
  }

  private static Pool pool(String name, List<String> models) {
    return new Pool(name, models, PickPolicy.POWER_OF_TWO);
  }

  @Test
  void engineDefaults() {
    assertThat(engine("a", "p").toString())
        .isEqualTo(
            "Engine[id=a, url=http://127.0.0.1:8101, pool=p, region=local, weight=1.0,"
                + " maxInFlight=64, apiKey=Optional.empty, profile=Optional.empty, pricePerHour=0.0,"
                + " telemetry=AUTO, metricsUrl=Optional.empty, continues=false]");
  }

  @Test
  void aPoolServesItsOwnNameUnlessModelsAreNamed() {
    assertThat(pool("llama", List.of()).models()).containsExactly("llama");
    assertThat(pool("llama", List.of("a", "b")).models()).containsExactly("a", "b");
  }

  @Test
  void danglingPoolNamesTheEngine() {
    assertThatThrownBy(
            () ->
                new Fleet(
                    List.of(),
                    List.of(pool("p", List.of())),
                    List.of(engine("a", "p"), engine("b", "q"))))
        .isInstanceOf(ConfigException.class)
        .hasMessage("engines[1].pool: no pool is named 'q'; there are [p]");
  }

  @Test
  void oneModelBelongsToOnePool() {
    assertThatThrownBy(
            () ->
                new Fleet(
                    List.of(),
                    List.of(pool("p", List.of("m")), pool("q", List.of("m"))),
                    List.of()))
        .hasMessage("pools: 'm' is given twice");
  }

  @Test
  void namesThatTopicsCannotHoldAreRefused() {
    assertThatThrownBy(() -> new Source("us.east", "local"))
        .hasMessageStartingWith("name: 'us.east' must be 1 to 63 lower-case letters");
  }

  private static Fleet canary(Map<String, Double> shares) {
    return new Fleet(
        List.of(),
        List.of(pool("p", List.of("m")), pool("q", List.of())),
        List.of(),
        List.of(new Alias("chat", shares)),
        new GeographyConfig(List.of()));
  }

  @Test
  void anAliasNamesPoolsThatExist() {
    assertThatThrownBy(() -> canary(Map.of("p", 0.9, "r", 0.1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("aliases.chat: no pool is named 'r'; there are [");
    assertThatThrownBy(() -> canary(Map.of("p", 0.9, "q", 0.0)))
        .hasMessage("aliases.chat: q must have a positive share, has 0.0");
    assertThatThrownBy(() -> canary(Map.of())).hasMessageContaining("name at least one pool");
  }

  @Test
  void aNameIsAnAliasOrAModel() {
    assertThatThrownBy(
            () ->
                new Fleet(
                    List.of(),
                    List.of(pool("p", List.of("chat"))),
                    List.of(),
                    List.of(new Alias("chat", Map.of("p", 1.0))),
                    new GeographyConfig(List.of())))
        .hasMessage("aliases.chat: pool 'p' has a model of this name; a name is one or the other");
  }

  @Test
  void enginesOfAnAliasedPoolAreAskedByItsNameToo() {
    Fleet fleet = canary(Map.of("p", 9.0, "q", 1.0));

    assertThat(fleet.namesOf(fleet.pools().getFirst())).containsExactly("m", "chat");
    assertThat(fleet.aliasByModel().get("chat").shares()).containsEntry("p", 0.9);
  }
}
