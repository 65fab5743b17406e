package io.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.schemas.EngineSample;
import io.weir.schemas.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several controllers share the engines, and take over from each other. */
class HandOverTest {
  private static final Fleet FLEET =
      Rig.fleet(
          IntStream.range(0, 8)
              .mapToObj(i -> Rig.engine("e" + i, URI.create("http://127.0.0.1:9")))
              .toArray(Engine[]::new));
  private Rig rig;

  @BeforeEach
  void start(@TempDir Path directory) {
    rig = new Rig(directory);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void whoIsKilledIsReplacedAndItsSamplesAreVoid() throws Exception {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> records = rig.follow(Topics.telemetry());
    Controller stays = rig.controller("c1", FLEET);
    Process other = ControllerProcess.start(rig.settings(), "c2", 8);
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> owners(records).size() == 2);
      // Both know of each other; each samples its own for a while.
      int shared = records.size();
      await().atMost(Rig.PATIENCE).until(() -> records.size() >= shared + 24);
      assertThat(ownersByEngine(records.subList(shared, records.size())).values())
          .allSatisfy(owners -> assertThat(owners).hasSize(1));

      // When
      other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      int killed = records.size();

      // Then
      await()
          .atMost(Rig.PATIENCE)
          .until(() -> latestOwners(records).values().stream().allMatch("c1"::equals));
      await().atMost(Rig.PATIENCE).until(() -> records.size() >= killed + 40);
      epochsGrowWithOwners(records);
      assertThat(stays.isReady()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void whoLeavesHandsOverAtOnce() throws Exception {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> records = rig.follow(Topics.telemetry());
    Controller stays = rig.controller("c1", FLEET);
    Controller leaves = rig.controller("c2", FLEET);
    await().atMost(Rig.PATIENCE).until(() -> owners(records).size() == 2);

    // When
    leaves.close();

    // Then
    await()
        .atMost(Rig.PATIENCE)
        .until(() -> latestOwners(records).values().stream().allMatch("c1"::equals));
    epochsGrowWithOwners(records);
    assertThat(stays.isReady()).isTrue();
  }

  private static void epochsGrowWithOwners(List<ConsumerRecord<String, SpecificRecord>> records) {
    Map<String, List<EngineSample>> byEngine = new TreeMap<>();
    records.forEach(
        record ->
            byEngine
                .computeIfAbsent(record.key(), any -> new ArrayList<>())
                .add((EngineSample) record.value()));
    assertThat(byEngine).hasSize(8);
    byEngine.forEach(
        (engine, samples) -> {
          for (int i = 1; i < samples.size(); i++) {
            EngineSample before = samples.get(i - 1);
            EngineSample next = samples.get(i);
            boolean same = before.getOwner().equals(next.getOwner());
            assertThat(next.getOwnerEpoch())
                .as("%s: %s then %s", engine, before, next)
                .isGreaterThanOrEqualTo(before.getOwnerEpoch() + (same ? 0 : 1));
          }
        });
  }

  private static Set<String> owners(List<ConsumerRecord<String, SpecificRecord>> records) {
    return new HashSet<>(latestOwners(records).values());
  }

  private static Map<String, String> latestOwners(
      List<ConsumerRecord<String, SpecificRecord>> records) {
    Map<String, String> owners = new TreeMap<>();
    records.forEach(record -> owners.put(record.key(), ((EngineSample) record.value()).getOwner()));
    return owners;
  }

  private static Map<String, Set<String>> ownersByEngine(
      List<ConsumerRecord<String, SpecificRecord>> records) {
    Map<String, Set<String>> owners = new TreeMap<>();
    records.forEach(
        record ->
            owners
                .computeIfAbsent(record.key(), any -> new HashSet<>())
                .add(((EngineSample) record.value()).getOwner()));
    return owners;
  }
}
