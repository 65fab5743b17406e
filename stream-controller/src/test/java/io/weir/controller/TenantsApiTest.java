package io.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.controller.Http.Answer;
import io.weir.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators say of tenants. */
class TenantsApiTest {
  @TempDir static Path directory;
  private static Rig rig;
  private static Http http;

  @BeforeAll
  static void start() throws InterruptedException {
    rig = new Rig(directory);
    Controller controller = rig.controller("c1", Rig.fleet());
    http = new Http(controller.uri());
    await().atMost(Rig.PATIENCE).until(controller::isReady);
  }

  @AfterAll
  static void stop() {
    http.close();
    rig.close();
  }

  @Test
  void aTenantIsCreatedShownChangedAndRemoved() {
    // Given
    Answer created =
        http.put(
            "/admin/tenants/acme",
            """
            {"weight": 2, "requests-per-minute": 60, "models": ["llama"], "classes": ["standard"],
             "budgets": [{"period": "day", "tokens": 1000000}, {"period": "month", "cost": 50.5}]}
            """);
    assertThat(created.status()).isEqualTo(200);

    // When what is shown is sent back with a change
    JsonNode shown = http.get("/admin/tenants/acme").body();
    Answer changed =
        http.put("/admin/tenants/acme", shown.toString().replace("\"weight\":2.0", "\"weight\":3"));

    // Then
    assertThat(changed.body().get("weight").asDouble()).isEqualTo(3);
    assertThat(changed.body().get("requests_per_minute").asInt()).isEqualTo(60);
    assertThat(changed.body().at("/budgets/1/cost").asDouble()).isEqualTo(50.5);
    assertThat(http.get("/admin/tenants").body().get("tenants").toString()).contains("acme");

    // When
    assertThat(http.delete("/admin/tenants/acme").status()).isEqualTo(200);

    // Then
    assertThat(http.get("/admin/tenants/acme").status()).isEqualTo(404);
  }

  @Test
  void aTenantIsNotCreatedTwice() {
    // Given
    assertThat(http.postJson("/admin/tenants/once", "{}").status()).isEqualTo(200);

    // When
    Answer again = http.postJson("/admin/tenants/once", "{}");

    // Then
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.error().get("code").asText()).isEqualTo("tenant_exists");
  }

  @Test
  void whatIsWrongIsNamed() {
    for (List<String> wrong :
        List.of(
            List.of("{\"weight\": 0}", "weight"),
            List.of("{\"requests-per-minute\": -1}", "requests-per-minute"),
            List.of("{\"classes\": [\"gold\"]}", "classes[0]"),
            List.of("{\"budgets\": [{\"period\": \"day\"}]}", "budgets[0].tokens"),
            List.of("{\"colour\": 1}", "colour"))) {
      Answer answer = http.put("/admin/tenants/bad", wrong.getFirst());
      assertThat(answer.status()).as(wrong.getFirst()).isEqualTo(400);
      assertThat(answer.error().get("param").asText()).isEqualTo(wrong.getLast());
    }
    assertThat(http.put("/admin/tenants/a%2Fb", "{}").status()).isEqualTo(400);
  }

  @Test
  void aKeyIsShownOnceAndKeptAsItsDigestOnly() {
    // Given
    List<ConsumerRecord<String, SpecificRecord>> written = rig.follow(Topics.tenantKeys());
    http.put("/admin/tenants/keyed", "{}");

    // When
    Answer made = http.postJson("/admin/tenants/keyed/keys", "{\"note\": \"laptop\"}");
    String key = made.body().get("key").asText();
    String id = made.body().get("id").asText();

    // Then
    assertThat(key).startsWith("wk-").hasSize(46);
    JsonNode listed = http.get("/admin/tenants/keyed/keys").body().get("keys");
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).get("note").asText()).isEqualTo("laptop");
    assertThat(listed.toString()).doesNotContain(key.substring(3)).doesNotContain("sha256");
    await().atMost(Rig.PATIENCE).until(() -> !written.isEmpty());
    assertThat(written)
        .allSatisfy(record -> assertThat(record.value().toString()).doesNotContain(key));

    // When
    Answer revoked = http.post("/admin/tenant-keys/" + id + "/revoke");

    // Then
    assertThat(revoked.body().get("revoked_at").asText()).isNotEqualTo("null").isNotEmpty();
    assertThat(http.post("/admin/tenant-keys/key_none/revoke").status()).isEqualTo(404);
  }

  @Test
  void useIsShownWithItsPeriods() {
    // Given
    http.put("/admin/tenants/idle", "{}");

    // When
    JsonNode use = http.get("/admin/tenants/idle/use").body();

    // Then
    assertThat(use.at("/day/requests").asInt()).isZero();
    assertThat(use.at("/month/begins_at").asText()).endsWith("-01T00:00:00Z");
    assertThat(use.at("/tenant/name").asText()).isEqualTo("idle");
  }
}
