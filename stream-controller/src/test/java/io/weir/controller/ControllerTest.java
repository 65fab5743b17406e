package io.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.fleet.Engine;
import io.weir.routing.fleet.FleetRecords;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import io.weir.schemas.GeoLink;
import io.weir.schemas.MetricsDialect;
import io.weir.schemas.Topics;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One controller on a broker. */
class ControllerTest {
  private static final URI NOBODY = URI.create("http://127.0.0.1:9");
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
  void onlyDifferencesArePublished() throws Exception {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> engines = rig.follow(Topics.engines());
    List<ConsumerRecord<String, SpecificRecord>> links = rig.follow(Topics.geography());
    Engine a = Rig.engine("a", NOBODY, Map.of("api-key", "sk-secret"));
    Engine b = Rig.engine("b", NOBODY);
    Controller controller = rig.controller("c1", Rig.fleet(a, b));
    await().atMost(Rig.PATIENCE).until(() -> engines.size() == 2 && links.size() == 1);
    assertThat(spec(engines.getFirst()).getRampFrom()).isEmpty();
    assertThat(engines.toString()).doesNotContain("sk-secret");
    assertThat(links.getFirst().key()).isEqualTo("aws:us-east-1|aws:eu-west-1");

    // When
    controller.apply(Rig.fleet(a, b));
    controller.close();
    Controller again = rig.controller("c2", Rig.fleet(a, b));
    Engine c = Rig.engine("c", NOBODY, Map.of("region", "aws:us-east-1"));
    again.apply(Rig.fleet(a, c));
    again.apply(Rig.fleet(c));

    // Then
    await().atMost(Rig.PATIENCE).until(() -> engines.size() == 5 && links.size() == 3);
    assertThat(engines.get(2).key()).isEqualTo("b");
    assertThat(engines.get(2).value()).isNull();
    assertThat(spec(engines.get(3)).getId()).isEqualTo("c");
    assertThat(spec(engines.get(3)).getRampFrom()).isPresent();
    assertThat(engines.get(4).key()).isEqualTo("a");
    assertThat(links.get(1).key()).isEqualTo("aws:us-east-1|aws:us-east-1");
    assertThat(links.get(2).key()).isEqualTo("aws:us-east-1|aws:eu-west-1");
    assertThat(links.get(2).value()).isNull();
  }

  @Test
  void whatIsDrainedStaysDrained() throws Exception {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> engines = rig.follow(Topics.engines());
    Controller controller = rig.controller("c1", Rig.fleet(Rig.engine("a", NOBODY)));
    try (Http http = new Http(controller.uri())) {
      // When
      Http.Answer drained = http.post("/admin/engines/a/drain");

      // Then
      assertThat(drained.status()).isEqualTo(200);
      assertThat(drained.body().get("draining").asBoolean()).isTrue();
      await().atMost(Rig.PATIENCE).until(() -> engines.size() == 2);
      assertThat(spec(engines.getLast()).getDraining()).isTrue();
    }

    // When
    controller.close();
    Controller again =
        rig.controller("c2", Rig.fleet(Rig.engine("a", NOBODY, Map.of("weight", "3"))));

    // Then
    try (Http http = new Http(again.uri())) {
      assertThat(http.get("/admin/engines/a").body().get("draining").asBoolean()).isTrue();
      assertThat(http.get("/admin/engines/a").body().get("weight").asDouble()).isEqualTo(3);

      // When
      Http.Answer back = http.post("/admin/engines/a/undrain");

      // Then
      assertThat(back.body().get("draining").asBoolean()).isFalse();
      assertThat(Instant.parse(back.body().get("ramp_from").asText())).isNotNull();

      // When
      http.post("/admin/engines/a/undrain");

      // Then
      assertThat(engines).hasSize(4);
    }
  }

  @Test
  void aFleetThatCannotBePublishedIsRefused() throws Exception {
    // Given
    Controller controller = rig.controller("c1", Rig.fleet(Rig.engine("a", NOBODY)));
    Engine bad = Rig.engine("b", URI.create("http://user:password@127.0.0.1:9"));

    // Then
    assertThatThrownBy(() -> controller.apply(Rig.fleet(bad)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("engines[0].url");
    try (Http http = new Http(controller.uri())) {
      assertThat(http.get("/admin/engines").body().get("engines").findValuesAsText("id"))
          .containsExactly("a");
    }
  }

  @Test
  void whatDispatchersMeasuredIsTheirs() throws Exception {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> links = rig.follow(Topics.geography());
    Controller controller =
        rig.controller("c1", Rig.fleet(Rig.engine("a", NOBODY), Rig.engine("b", NOBODY)));
    try (KafkaProducer<String, GeoLink> producer =
        new KafkaProducer<>(rig.settings().producer(Map.of()))) {
      for (String engine : List.of("a", "b")) {
        GeoLink measured = new GeoLink("east", engine, 12.5, 0.0, true, Instant.now());
        producer
            .send(new ProducerRecord<>(Topics.geography(), FleetRecords.key(measured), measured))
            .get();
      }
    }

    // When
    await().atMost(Rig.PATIENCE).until(() -> links.size() == 3);
    controller.apply(Rig.fleet(Rig.engine("a", NOBODY)));

    // Then
    await().atMost(Rig.PATIENCE).until(() -> links.size() == 4);
    assertThat(links.getLast().key()).isEqualTo("east|b");
    assertThat(links.getLast().value()).isNull();
  }

  @Test
  void enginesAreSampledEverySecond() throws Exception {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> samples = rig.follow(Topics.telemetry());
    EngineServer server =
        rig.closing(EngineServer.start(Configs.defaults(EngineServerConfig.class)));

    // When
    Controller controller =
        rig.controller(
            "c1", Rig.fleet(Rig.engine("live", server.uri()), Rig.engine("dead", NOBODY)));

    // Then
    await().atMost(Rig.PATIENCE).until(() -> of("live", samples).size() >= 3);
    await().atMost(Rig.PATIENCE).until(() -> of("dead", samples).size() >= 3);
    EngineSample live = of("live", samples).getLast();
    assertThat(live.getUp()).isTrue();
    assertThat(live.getDialect()).contains(MetricsDialect.VLLM);
    assertThat(live.getRunning()).contains(0);
    assertThat(live.getKvUsage()).contains(0.0);
    assertThat(live.getOwner()).isEqualTo("c1");
    assertThat(of("dead", samples))
        .allSatisfy(
            sample -> {
              assertThat(sample.getUp()).isFalse();
              assertThat(sample.getProblem()).contains("refuses connections");
            });
    assertThat(of("live", samples).stream().map(EngineSample::getSequence).toList())
        .startsWith(0L, 1L, 2L);

    // When
    server.close();

    // Then
    await().atMost(Rig.PATIENCE).until(() -> !of("live", samples).getLast().getUp());
    await().atMost(Rig.PATIENCE).until(controller::isReady);
    try (Http http = new Http(controller.uri())) {
      assertThat(http.text("/metrics"))
          .contains("weir_controller_engines_owned 2.0")
          .contains("weir_controller_engine_up{engine=\"dead\"} 0.0")
          .contains("weir_controller_scrape_seconds_count{outcome=\"down\"}");
    }
  }

  private static List<EngineSample> of(
      String engine, List<ConsumerRecord<String, SpecificRecord>> samples) {
    return samples.stream()
        .filter(record -> record.key().equals(engine))
        .map(record -> (EngineSample) record.value())
        .toList();
  }

  private static EngineSpec spec(ConsumerRecord<String, SpecificRecord> record) {
    return Optional.ofNullable((EngineSpec) record.value()).orElseThrow();
  }
}
