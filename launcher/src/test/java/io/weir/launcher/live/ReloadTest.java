package io.weir.launcher.live;

import static io.weir.launcher.live.LiveFleet.measured;
import static io.weir.launcher.live.LiveFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.config.ConfigFile;
import io.weir.launcher.config.ConfigWatch;
import io.weir.launcher.config.WeirConfig;
import io.weir.launcher.live.EventLog.Change;
import io.weir.launcher.live.EventLog.Table;
import io.weir.routing.config.Configs;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.EngineWeight;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that joins by a changed configuration file. */
class ReloadTest {
  private static final String FLEET =
      """
      sources: [{name: home}]
      pools: [{name: llama}]
      engine-sim: {a: {profile: a100-llama-3-8b}}
      engines:
        - {id: a, url: "http://127.0.0.1:0", pool: llama}
      """;

  @TempDir private Path folder;

  @Test
  void anEngineThatIsAddedRampsUp() throws IOException, InterruptedException {
    try (LiveFleet fleet = LiveFleet.start(FLEET, Optional.empty());
        EngineServer added =
            EngineServer.start(
                Configs.with(
                    EngineServerConfig.class,
                    Map.of("model", "llama", "profile", "a100-llama-3-8b")))) {
      // Given
      Path file = Files.writeString(folder.resolve("weir.yaml"), FLEET + LiveFleet.COMMON);
      WeirConfig running = ConfigFile.load(file);
      fleet.load("home", "llama", 0.5 / LiveFleet.WORK_SECONDS);
      fleet.settled(2_000);
      try (ConfigWatch watch = ConfigWatch.start(file, running, fleet.system()::apply)) {
        // When the file is broken nothing happens, and when it has a new engine that joins
        Files.writeString(file, FLEET + "  - {id: b, url: nowhere}\n" + LiveFleet.COMMON);
        LiveFleet.untilPast(System.currentTimeMillis() + 1_500);
        assertThat(fleet.log().changesSince(0)).extracting(Change::engine).containsOnly("a");
        long written = System.currentTimeMillis();
        Files.writeString(
            file,
            FLEET
                + "  - {id: b, url: \""
                + added.uri()
                + "\", pool: llama, profile: {name: a100-llama-3-8b, confidence: 1}}\n"
                + LiveFleet.COMMON);

        // Then it is published as one that joins late, gets little, and more as time goes
        until("it is published", () -> fleet.log().changesSince(written).size() > 0);
        Change change = fleet.log().changesSince(written).getFirst();
        assertThat(change.engine()).isEqualTo("b");
        assertThat(change.spec().flatMap(EngineSpec::getRampFrom)).isPresent();
        Table first = awaitWeight(fleet, written, 0);
        Table later = awaitWeight(fleet, written, 0.4);
        List<Double> capacities = List.of(capacity(first), capacity(later));
        measured("reload: published after ms", change.at() - written);
        measured(
            "reload: weight at first, and after ms",
            first.weight("b") + " " + (first.at() - written));
        measured("reload: weight 0.4 after ms", later.at() - written);
        measured("reload: capacity planned with", capacities);
        assertThat(capacities.get(0)).isLessThan(0.6);
        assertThat(capacities.get(1)).isGreaterThan(capacities.get(0));
        until(
            "it is sent requests",
            () ->
                fleet.log().dispatchesSince(written).stream()
                    .anyMatch(d -> d.engine().equals("b")));
        assertThat(watch).isNotNull();
      }
    }
  }

  private static double capacity(Table table) {
    return table.engine("b").map(EngineWeight::getCapacityFactor).orElseThrow();
  }

  private static Table awaitWeight(LiveFleet fleet, long from, double above) {
    until(
        "a weight", () -> fleet.log().table(from, table -> table.weight("b") > above).isPresent());
    return fleet.log().table(from, table -> table.weight("b") > above).orElseThrow();
  }
}
