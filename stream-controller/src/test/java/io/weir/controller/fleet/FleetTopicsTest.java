package io.weir.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.Fleet;
import io.weir.routing.fleet.FleetRecords;
import io.weir.routing.fleet.Pool;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers write the same engines at the same time. */
class FleetTopicsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ENGINES = 20;

  @Test
  void neitherDrainsNorFilesAreLostToEachOther(@TempDir Path directory) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      SchemaRegistration.registerAll(kafka.settings());
      try (Admin admin = Admin.create(kafka.settings().admin())) {
        TopicCreator.ensure(
            admin, new TopicCatalog(TopicLayout.defaults()).topics(List.of(), List.of()));
      }
      try (FleetTopics one = open(kafka, "one");
          FleetTopics other = open(kafka, "other")) {
        // Given
        one.publish(specs(1), List.of());
        // Reading back is each controller's own: what one has read the other may not have yet.
        Awaitility.await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(other.engines()).hasSize(ENGINES));

        // When
        CompletableFuture<Void> files = run(() -> files(one));
        CompletableFuture<Void> drains = run(() -> drains(other));
        files.get(60, TimeUnit.SECONDS);
        drains.get(60, TimeUnit.SECONDS);

        // Then
        for (FleetTopics topics : List.of(one, other)) {
          Awaitility.await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () ->
                      assertThat(topics.engines().values())
                          .hasSize(ENGINES)
                          .allMatch(EngineSpec::getDraining)
                          .allMatch(spec -> spec.getWeight() == 9));
        }
      }
    }
  }

  private static void files(FleetTopics topics) throws Exception {
    for (int weight = 2; weight <= 9; weight++) {
      topics.publish(specs(weight), List.of());
    }
  }

  private static void drains(FleetTopics topics) throws Exception {
    for (int i = 0; i < ENGINES; i++) {
      assertThat(topics.drain("e" + i)).isPresent();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> run(Work work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                work.run();
                done.complete(null);
              } catch (Exception | AssertionError failure) {
                done.completeExceptionally(failure);
              }
            });
    return done;
  }

  private static FleetTopics open(EmbeddedKafka kafka, String name) throws InterruptedException {
    FleetTopics topics = FleetTopics.open(kafka.settings(), name, Clock.systemUTC(), () -> {});
    assertThat(topics.awaitCaughtUp(PATIENCE)).isTrue();
    return topics;
  }

  private static List<EngineSpec> specs(int weight) {
    List<Engine> engines =
        new ArrayList<>(
            IntStream.range(0, ENGINES)
                .mapToObj(
                    i ->
                        Configs.with(
                            Engine.class,
                            Map.of(
                                "id",
                                "e" + i,
                                "url",
                                "http://h:1",
                                "pool",
                                "llama",
                                "weight",
                                Integer.toString(weight))))
                .toList());
    Pool pool = Configs.with(Pool.class, Map.of("name", "llama"));
    return FleetRecords.engines(new Fleet(List.of(), List.of(pool), engines));
  }
}
