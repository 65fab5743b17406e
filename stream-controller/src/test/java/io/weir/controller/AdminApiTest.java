package io.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.controller.Http.Answer;
import io.weir.schemas.EngineWeight;
import io.weir.schemas.RoutingWeights;
import io.weir.schemas.Topics;
import io.weir.schemas.WeightCertificate;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask and are told. */
class AdminApiTest {
  private static final URI NOBODY = URI.create("http://127.0.0.1:9");
  private static final String EXTRA =
      "{\"url\": \"http://127.0.0.1:9\", \"pool\": \"llama\", \"weight\": 2,"
          + " \"profile\": \"h100-llama-3-8b\", \"telemetry\": \"none\"}";

  @TempDir static Path directory;
  private static Rig rig;
  private static Controller controller;
  private static Http http;

  @BeforeAll
  static void start() throws InterruptedException {
    rig = new Rig(directory);
    controller =
        rig.controller("c1", Rig.fleet(Rig.engine("a", NOBODY, Map.of("api-key", "sk-secret"))));
    http = new Http(controller.uri());
    await().atMost(Rig.PATIENCE).until(controller::isReady);
  }

  @AfterAll
  static void stop() {
    http.close();
    rig.close();
  }

  @Test
  void enginesAreShownWithSampleAndOwner() {
    await()
        .atMost(Rig.PATIENCE)
        .until(
            () -> {
              Answer now = http.get("/admin/engines/a");
              return now.body().at("/sample/owner").asText().equals("c1")
                  && now.body().at("/owner").asText().equals("c1");
            });

    Answer answer = http.get("/admin/engines/a");
    assertThat(answer.body().get("owner").asText()).isEqualTo("c1");
    assertThat(answer.body().get("sample").get("up").asBoolean()).isFalse();
    assertThat(answer.body().get("sample").get("problem").asText()).contains("refuses");
    assertThat(answer.body().get("timing").get("profile").asText()).isNotEmpty();
    assertThat(answer.body().get("dialect").asText()).isEqualTo("auto");
    assertThat(http.get("/admin/engines").body().toString())
        .contains("\"id\":\"a\"")
        .doesNotContain("sk-secret");
  }

  @Test
  void anEngineThatIsNotThere() {
    for (Answer answer :
        List.of(
            http.get("/admin/engines/none"),
            http.post("/admin/engines/none/drain"),
            http.post("/admin/engines/none/undrain"),
            http.delete("/admin/engines/none"))) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.error().get("code").asText()).isEqualTo("unknown_engine");
      assertThat(answer.error().get("type").asText()).isEqualTo("invalid_request_error");
    }
  }

  @Test
  void anEngineIsAddedChangedAndRemoved() throws Exception {
    // When
    Answer added = http.put("/admin/engines/extra", EXTRA);

    // Then
    assertThat(added.status()).as(added.raw().body()).isEqualTo(200);
    assertThat(added.body().get("added").asBoolean()).isTrue();
    assertThat(added.body().get("weight").asDouble()).isEqualTo(2);
    assertThat(added.body().get("ramp_from").isNull()).isFalse();

    // When
    controller.apply(Rig.fleet(Rig.engine("a", NOBODY, Map.of("api-key", "sk-secret"))));

    // Then
    assertThat(http.get("/admin/engines/extra").status()).isEqualTo(200);

    // When
    Answer removed = http.delete("/admin/engines/extra");

    // Then
    assertThat(removed.status()).isEqualTo(200);
    assertThat(http.get("/admin/engines/extra").status()).isEqualTo(404);
  }

  @Test
  void whatAFileHasIsChangedThere() {
    assertThat(http.put("/admin/engines/a", EXTRA).error().get("code").asText())
        .isEqualTo("engine_is_configured");
    assertThat(http.delete("/admin/engines/a").status()).isEqualTo(409);
  }

  @Test
  void badEnginesAreRefusedByTheFieldsName() {
    refused("{\"pool\": \"llama\"}", "url");
    refused("{\"url\": \"http://h\", \"pool\": \"other\"}", "pool");
    refused("{\"url\": \"ftp://h\", \"pool\": \"llama\"}", "url");
    refused("{\"url\": \"http://u:p@h\", \"pool\": \"llama\"}", "url");
    refused("{\"url\": \"http://h\", \"pool\": \"llama\", \"weight\": -1}", "weight");
    refused("{\"url\": \"http://h\", \"pool\": \"llama\", \"colour\": 1}", "colour");
    refused("{\"url\": \"http://h\", \"pool\": \"llama\", \"api-key\": \"x\"}", "api-key");
    assertThat(http.put("/admin/engines/bad", "{").error().get("code").asText())
        .isEqualTo("invalid_json");
    assertThat(http.put("/admin/engines/bad", "[]").error().get("code").asText())
        .isEqualTo("invalid_json");
    assertThat(http.put("/admin/engines/%20", EXTRA).error().get("param").asText()).isEqualTo("id");
    assertThat(http.put("/admin/engines/bad", EXTRA, "Content-Type", "text/plain").status())
        .isEqualTo(415);
    assertThat(http.put("/admin/engines/bad", " ".repeat(70_000)).status()).isEqualTo(413);
  }

  private static void refused(String body, String param) {
    Answer answer = http.put("/admin/engines/bad", body);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(400);
    assertThat(answer.error().get("param").asText()).contains(param);
    assertThat(http.get("/admin/engines/bad").status()).isEqualTo(404);
  }

  @Test
  void weightsAreShown() throws Exception {
    // Given
    RoutingWeights weights =
        RoutingWeights.newBuilder()
            .setSource("east")
            .setPool("llama")
            .setEpoch(7)
            .setVersion(3)
            .setAt(Instant.EPOCH)
            .setIntervalMillis(2000)
            .setReason("first")
            .setTau(0.01)
            .setEngines(
                List.of(
                    new EngineWeight(
                        "a",
                        1.0,
                        2.0,
                        1.0,
                        0.1,
                        0.2,
                        0.3,
                        0.0,
                        0.5,
                        Double.NaN,
                        20.0,
                        1.0,
                        1.0,
                        1.0,
                        1.0,
                        null)))
            .setClasses(List.of())
            .setCertificate(new WeightCertificate(1.0, 1.0, 0.0))
            .setInputsDigest("x")
            .setStaleInputs(List.of())
            .build();
    try (KafkaProducer<String, RoutingWeights> producer =
        new KafkaProducer<>(rig.settings().producer(Map.of()))) {
      producer.send(new ProducerRecord<>(Topics.weights(), "east/llama", weights)).get();
    }

    // Then
    await()
        .atMost(Rig.PATIENCE)
        .until(() -> http.get("/admin/weights").body().get("weights").size() == 1);
    Answer shown = http.get("/admin/weights?source=east&pool=llama");
    assertThat(shown.body().at("/weights/0/engines/0/weight").asDouble()).isEqualTo(1);
    assertThat(shown.body().at("/weights/0/engines/0/price_slope").isNull()).isTrue();
    assertThat(shown.body().at("/weights/0/at").asText()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(http.get("/admin/weights?source=west").body().get("weights").size()).isZero();
  }

  @Test
  void membersAndDistancesAreShown() {
    Answer members = http.get("/admin/members");
    assertThat(members.body().at("/members/0/id").asText()).isEqualTo("c1");
    assertThat(members.body().at("/members/0/role").asText()).isEqualTo("controller");
    assertThat(members.body().at("/members/0/heartbeat_age_ms").isNumber()).isTrue();
    assertThat(http.get("/admin/geography").body().at("/links/0/from").asText())
        .isEqualTo("aws:us-east-1");
  }

  @Test
  void pathsAndMethodsThatAreNotThere() {
    assertThat(http.get("/admin/nothing").status()).isEqualTo(404);
    assertThat(http.get("/admin/engines/a/b/c").status()).isEqualTo(404);
    assertThat(http.get("/nothing").error().get("code").asText()).isEqualTo("unknown_path");
    assertThat(http.get("/admin/engines/a/drain").status()).isEqualTo(405);
    assertThat(http.post("/admin/engines").status()).isEqualTo(405);
  }

  @Test
  void pagesOfOthersMayNotUseIt() {
    assertThat(http.post("/admin/engines/a/drain", "Origin", "http://evil.example").status())
        .isEqualTo(403);
    assertThat(http.get("/admin/engines", "Origin", "null").status()).isEqualTo(403);
    assertThat(http.get("/admin/engines", "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
    assertThat(http.get("/admin/engines", "Sec-Fetch-Site", "none").status()).isEqualTo(200);
    assertThat(http.get("/admin/engines", "Origin", controller.uri().toString()).status())
        .isEqualTo(200);
    assertThat(http.get("/admin/engines/a").body().get("draining").asBoolean()).isFalse();
  }

  @Test
  void healthAndMetrics() {
    assertThat(http.get("/health/live").status()).isEqualTo(200);
    assertThat(http.get("/health/ready").status()).isEqualTo(200);
    assertThat(http.text("/metrics")).contains("weir_controller_lease_held 1.0");
  }

  @Test
  void aKeyIsAskedForWhereThereIsOne() throws InterruptedException {
    ControllerConfig guard = Rig.config("c-key", Map.of("api-key", "letmein"));
    try (Controller guarded =
            Controller.start(guard, Rig.fleet(Rig.engine("a", NOBODY)), rig.settings());
        Http client = new Http(guarded.uri())) {
      assertThat(client.get("/admin/engines").status()).isEqualTo(401);
      assertThat(client.get("/admin/engines", "Authorization", "Bearer no").status())
          .isEqualTo(401);
      assertThat(client.get("/admin/engines", "Authorization", "Bearer letmein").status())
          .isEqualTo(200);
      assertThat(client.get("/health/live").status()).isEqualTo(200);
    }
  }
}
