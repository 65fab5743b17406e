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
                + " maxInFlight=64, apiKey=Optional.empty]");
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
}
