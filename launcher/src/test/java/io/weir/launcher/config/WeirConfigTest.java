package io.weir.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.fleet.ProfileConfig;
import io.weir.routing.fleet.Regions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class WeirConfigTest {
  private static final String FLEET =
      """
      sources:
        - name: home
      pools:
        - name: llama
          policy: weighted
      engines:
        - {id: a, url: "http://127.0.0.1:8001", pool: llama, weight: 2}
        - {id: b, url: "http://127.0.0.1:8002", pool: llama}
      """;

  private static WeirConfig parse(String text) {
    return ConfigFile.parse("weir.yaml", text, Map.of("USER", "weir"));
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(String text) {
    return assertThatThrownBy(() -> parse(text)).isInstanceOf(ConfigFileException.class);
  }

  @Test
  void readsAFleet() {
    WeirConfig config = parse(FLEET);

    assertThat(config.fleet().pools().getFirst().policy()).isEqualTo(PickPolicy.WEIGHTED);
    assertThat(config.engines()).extracting(Engine::weight).containsExactly(2.0, 1.0);
    assertThat(config.engines().getFirst().url()).isEqualTo(URI.create("http://127.0.0.1:8001"));
    assertThat(config.sources().getFirst().region()).isEqualTo("local");
    assertThat(config.kafka()).isEmpty();
  }

  @Test
  void passesKafkasOwnKeysThrough() {
    WeirConfig config =
        parse(
            FLEET
                + """
                kafka:
                  bootstrap.servers: broker:9093
                  security.protocol: SASL_SSL
                  sasl.jaas.config: 'Module required username="${USER}";'
                """);

    assertThat(config.kafka())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "Module required username=\"weir\";");
  }

  @Test
  void unknownKeyNamesItsLineAndWhatIsKnown() {
    assertRefused(FLEET + "engine: []\n")
        .hasMessageStartingWith("weir.yaml:9: engine: unknown key; known here: kafka, sources,");
    assertRefused(FLEET.replace("weight: 2", "wieght: 2"))
        .hasMessageStartingWith("weir.yaml:7: engines[0].wieght: unknown key");
  }

  @Test
  void badValueNamesItsLineAndWhatIsRight() {
    assertRefused(FLEET.replace("weight: 2", "weight: -2"))
        .hasMessage("weir.yaml:7: engines[0].weight: must be a positive number, is -2.0");
    assertRefused(FLEET.replace("policy: weighted", "policy: best"))
        .hasMessage(
            "weir.yaml:5: pools[0].policy: 'best' is none of least-cost, round-robin, random,"
                + " weighted, least-loaded, power-of-two, hash-affinity");
    assertRefused(FLEET.replace("name: home", "name: Home"))
        .hasMessageStartingWith("weir.yaml:2: sources[0].name: 'Home' must be 1 to 63");
  }

  @Test
  void missingPartsAreNamed() {
    assertRefused("").hasMessageContaining("sources: name at least one");
    assertRefused("sources: [{name: home}]\n").hasMessageContaining("pools: name at least one");
    assertRefused(FLEET.replace("pool: llama}", "pool: lama}"))
        .hasMessageContaining("engines[1].pool: no pool is named 'lama'");
    assertRefused(FLEET + "kafka:\n  security.protocol: SSL\n")
        .hasMessageContaining("bootstrap.servers is missing");
    assertRefused(FLEET + "engine-sim:\n  c: {}\n")
        .hasMessageStartingWith("weir.yaml:9: engine-sim.c: no engine has this id");
  }

  @Test
  void missingFileIsSaid() {
    assertThatThrownBy(() -> ConfigFile.load(Path.of("nowhere.yaml")))
        .hasMessage("nowhere.yaml: there is no such file");
  }

  @Test
  void builtInFleetHasMeasuredDistancesBetweenThreeRegions() {
    WeirConfig config = ConfigFile.builtIn();

    assertThat(config.engines()).hasSize(5);
    assertThat(config.engines().stream().map(Engine::region).distinct()).hasSize(3);
    assertThat(config.engineSim()).hasSize(5);
    for (SourceConfig source : config.sources()) {
      for (Engine engine : config.engines()) {
        assertThat(Regions.roundTrip(source.region(), engine.region())).isPresent();
      }
    }
  }

  @Test
  void distanceIsTheSameBothWaysAndNoneWithinARegion() {
    assertThat(Regions.roundTrip("aws:us-east-1", "aws:eu-west-1"))
        .isEqualTo(Regions.roundTrip("aws:eu-west-1", "aws:us-east-1"))
        .hasValue(Duration.ofNanos(84_900_000));
    assertThat(Regions.roundTrip("aws:eu-west-1", "aws:eu-west-1")).hasValue(Duration.ZERO);
    assertThat(Regions.roundTrip("local", "aws:eu-west-1")).isEmpty();
  }

  @Test
  void aSimulatedEngineIsPlannedAsItBehaves() {
    WeirConfig config =
        parse(FLEET + "engine-sim:\n  a: {profile: a100-llama-3-8b, speed: 2, max-num-seqs: 8}\n");

    ProfileConfig profile = config.fleet().engines().getFirst().profile().orElseThrow();
    assertThat(profile.profile().cost().t0()).isEqualTo(4.9);
    assertThat(profile.profile().maxNumSeqs()).isEqualTo(8);
    assertThat(profile.trust()).isEqualTo(1);
    assertThat(config.fleet().engines().get(1).profile()).isEmpty();
  }

  @Test
  void aProfileIsAWordOrValues() {
    WeirConfig config =
        parse(
            FLEET
                .replace("weight: 2}", "profile: h100-llama-3-8b}")
                .replace(
                    "8002\", pool: llama}", "8002\", pool: llama, profile: {t0: 20, g: 0.1}}"));

    assertThat(config.engines().getFirst().profile().orElseThrow().name())
        .isEqualTo("h100-llama-3-8b");
    assertThat(config.engines().get(1).profile().orElseThrow().profile().cost().t0()).isEqualTo(20);
    assertRefused(FLEET.replace("weight: 2}", "profile: h1}"))
        .hasMessageStartingWith("weir.yaml:7: engines[0].profile.name: no profile is named 'h1'");
  }

  @Test
  void aliasesAndLinksAreChecked() {
    WeirConfig config =
        parse(
            FLEET
                + """
                aliases: {chat: {llama: 1}}
                geography:
                  links:
                    - {from: local, to: "aws:us-east-1", rtt: 30ms, egress-per-gb: 0.05}
                """);

    assertThat(config.fleet().aliasByModel().get("chat").shares()).containsEntry("llama", 1.0);
    assertThat(config.geography().links().getFirst().rtt()).hasValue(Duration.ofMillis(30));
    assertRefused(FLEET + "aliases:\n  chat: {lama: 1}\n")
        .hasMessageStartingWith("weir.yaml:9: aliases.chat: no pool is named 'lama'");
    assertRefused(FLEET + "geography: {links: [{from: local, to: x, rtt: 3}]}\n")
        .hasMessageContaining("'3' is not a duration");
  }
}
