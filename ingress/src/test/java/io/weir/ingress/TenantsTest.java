package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.RequestClass;
import io.weir.schemas.Tenant;
import io.weir.schemas.TenantBudget;
import io.weir.schemas.TenantKey;
import io.weir.schemas.TenantSpend;
import io.weir.schemas.Topics;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Keys, permissions and limits of tenants, with two ingresses and a real broker. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TenantsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String BODY =
      "{\"model\":\"llama\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static Rig rig;
  private static Ingress first;
  private static Ingress second;
  private static KafkaProducer<String, SpecificRecord> producer;

  @BeforeAll
  static void start(@TempDir Path directory) throws InterruptedException {
    rig = new Rig(directory);
    first = rig.ingress();
    second = rig.ingress();
    producer = new KafkaProducer<>(rig.kafka.settings().producer(Map.of("linger.ms", 0)));
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, "a-" + request.getId())
                .whole(200, "application/json", "{}".getBytes(UTF_8)));
  }

  @AfterAll
  static void stop() {
    producer.close();
    first.close();
    second.close();
    rig.close();
  }

  @Test
  @Order(1)
  void whileThereAreNoKeysNobodyNeedsOne() throws Exception {
    assertThat(Client.post(first, Client.CHAT, BODY).statusCode()).isEqualTo(200);
  }

  @Test
  @Order(2)
  void aKeyLetsInUntilItIsRevokedAndEverybodyNeedsOneThen() throws Exception {
    // Given
    write(tenant("acme").build());
    key("k1", "wk-one", "acme");

    // When
    await().atMost(PATIENCE).until(() -> Client.post(first, Client.CHAT, BODY).statusCode() == 401);

    // Then
    assertThat(post(first, "wk-one").statusCode()).isEqualTo(200);
    assertThat(
            Stream.generate(TenantsTest::sentTenant)
                .filter("acme"::equals)
                .findFirst()
                .orElseThrow())
        .isEqualTo("acme");

    // When
    revoke("k1", "wk-one", "acme");

    // Then
    await().atMost(PATIENCE).until(() -> post(first, "wk-one").statusCode() == 401);
    await().atMost(PATIENCE).until(() -> post(second, "wk-one").statusCode() == 401);
    JsonNode error = Client.error(post(first, "wk-one").body());
    assertThat(error.get("code").asText()).isEqualTo("invalid_api_key");
    assertThat(Client.post(first, Client.CHAT, BODY).statusCode()).isEqualTo(401);
  }

  @Test
  @Order(3)
  void modelsAndClassesThatATenantMayNotUseAreRefused() throws Exception {
    // Given
    write(
        tenant("narrow")
            .setModels(List.of("llama-next"))
            .setClasses(List.of(RequestClass.FLEX))
            .build());
    key("k2", "wk-two", "narrow");
    await().atMost(PATIENCE).until(() -> post(first, "wk-two").statusCode() != 401);

    // When
    HttpResponse<byte[]> model = post(first, "wk-two");
    HttpResponse<byte[]> tier = post(first, "wk-two", BODY.replace("llama", "llama-next"));
    HttpResponse<byte[]> fine =
        post(
            first,
            "wk-two",
            BODY.replace("llama", "llama-next")
                .replace("{\"model", "{\"service_tier\":\"flex\",\"model"));
    HttpResponse<byte[]> list =
        Client.send(
            Client.request(first, "/v1/models").header("authorization", "Bearer wk-two").build());

    // Then
    assertThat(model.statusCode()).isEqualTo(403);
    assertThat(Client.error(model.body()).get("code").asText()).isEqualTo("model_not_allowed");
    assertThat(Client.error(model.body()).get("param").asText()).isEqualTo("model");
    assertThat(tier.statusCode()).isEqualTo(403);
    assertThat(Client.error(tier.body()).get("code").asText()).isEqualTo("class_not_allowed");
    assertThat(Client.error(tier.body()).get("param").asText()).isEqualTo("service_tier");
    assertThat(fine.statusCode()).isEqualTo(200);
    assertThat(Client.text(list)).contains("llama-next").doesNotContain("meta-llama");
  }

  @Test
  @Order(4)
  void fiftyClientsAtTwoIngressesGetWhatOneLimitGives() throws Exception {
    // Given a bucket of 50, and 5 a second
    write(tenant("limited").setRequestsPerMinute(300).setTokensPerMinute(1_000_000L).build());
    key("k3", "wk-three", "limited");
    // Both have to know of each other, too.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Client.get(first, "/v1/models").statusCode() == 401
                    && authorized(first, "wk-three")
                    && authorized(second, "wk-three"));

    // When
    long start = System.nanoTime();
    List<HttpResponse<byte[]>> answers = flood("wk-three", 50, 8);
    double seconds = (System.nanoTime() - start) * 1e-9;

    // Then no more than the bucket, what it was filled up by, and the bound: where heartbeats take
    // up to half a beat, another bucket
    long admitted = answers.stream().filter(answer -> answer.statusCode() == 200).count();
    assertThat(admitted).as("%.1f s", seconds).isBetween(1L, (long) (50 + 5 * seconds + 50 + 2));
    HttpResponse<byte[]> refused =
        answers.stream().filter(answer -> answer.statusCode() == 429).findFirst().orElseThrow();
    JsonNode error = Client.error(refused.body());
    assertThat(error.get("code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(error.get("type").asText()).isEqualTo("requests");
    assertThat(error.at("/weir/reason").asText()).isEqualTo("requests_per_minute");
    assertThat(error.at("/weir/retry_safe").asBoolean()).isTrue();
    assertThat(refused.headers().firstValueAsLong("retry-after-ms").orElseThrow())
        .isBetween(1L, 10_000L);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    for (HttpResponse<byte[]> each : answers) {
      assertThat(each.headers().firstValue("x-ratelimit-limit-requests")).contains("300");
      assertThat(each.headers().firstValue("x-ratelimit-limit-tokens")).contains("1000000");
      assertThat(each.headers().firstValue("x-ratelimit-remaining-requests")).isPresent();
      assertThat(each.headers().firstValue("x-ratelimit-reset-requests").orElseThrow())
          .endsWith("s");
    }
  }

  @Test
  @Order(5)
  void whatIsTooLargeForAMinuteIsNotAskedToComeAgain() throws Exception {
    // Given
    write(tenant("small").setTokensPerMinute(5L).build());
    key("k4", "wk-four", "small");
    await().atMost(PATIENCE).until(() -> authorized(first, "wk-four"));

    // When
    HttpResponse<byte[]> refused = post(first, "wk-four");

    // Then
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.headers().firstValue("retry-after")).isEmpty();
    assertThat(Client.error(refused.body()).get("code").asText()).isEqualTo("request_too_large");
  }

  @Test
  @Order(6)
  void aUsedUpBudgetIsSaidAsOpenAiSaysIt() throws Exception {
    // Given
    write(
        tenant("poor")
            .setBudgets(
                List.of(
                    TenantBudget.newBuilder()
                        .setPeriod(BudgetPeriod.DAY)
                        .setTokens(1_000L)
                        .build()))
            .build());
    key("k5", "wk-five", "poor");
    await().atMost(PATIENCE).until(() -> authorized(first, "wk-five"));
    assertThat(post(first, "wk-five").statusCode()).isEqualTo(200);

    // When
    Instant now = Instant.now();
    send(
        Topics.tenantSpend(),
        "poor",
        new TenantSpend(
            "poor",
            BudgetPeriod.DAY,
            now.truncatedTo(ChronoUnit.DAYS),
            0,
            1L,
            900L,
            200L,
            0.0,
            0L,
            0.0,
            now));

    // Then
    await().atMost(PATIENCE).until(() -> post(second, "wk-five").statusCode() == 429);
    HttpResponse<byte[]> refused = post(second, "wk-five");
    JsonNode error = Client.error(refused.body());
    assertThat(error.get("code").asText()).isEqualTo("insufficient_quota");
    assertThat(error.get("type").asText()).isEqualTo("insufficient_quota");
    assertThat(error.at("/weir/reason").asText()).isEqualTo("budget_exhausted");
    assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
        .isBetween(1L, 3_600L);
  }

  private static List<HttpResponse<byte[]>> flood(String key, int clients, int each)
      throws Exception {
    Callable<List<HttpResponse<byte[]>>> client =
        () ->
            Stream.iterate(0, i -> i + 1)
                .limit(each)
                .map(i -> unchecked(() -> post(i % 2 == 0 ? first : second, key)))
                .toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<HttpResponse<byte[]>>>> running =
          Stream.generate(() -> threads.submit(client)).limit(clients).toList();
      return running.stream().flatMap(done -> unchecked(done::get).stream()).toList();
    }
  }

  private static <T> T unchecked(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static String sentTenant() {
    return unchecked(() -> rig.dispatcher.take().getTenant());
  }

  private static boolean authorized(Ingress ingress, String key)
      throws IOException, InterruptedException {
    return Client.send(
                Client.request(ingress, "/v1/models")
                    .header("authorization", "Bearer " + key)
                    .build())
            .statusCode()
        == 200;
  }

  private static HttpResponse<byte[]> post(Ingress ingress, String key)
      throws IOException, InterruptedException {
    return post(ingress, key, BODY);
  }

  private static HttpResponse<byte[]> post(Ingress ingress, String key, String body)
      throws IOException, InterruptedException {
    return Client.send(
        Client.request(ingress, Client.CHAT)
            .header("authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static Tenant.Builder tenant(String name) {
    return Tenant.newBuilder().setName(name).setChangedAt(Instant.now());
  }

  private static void write(Tenant tenant) throws Exception {
    send(Topics.tenants(), tenant.getName(), tenant);
  }

  private static void key(String id, String key, String tenant) throws Exception {
    send(Topics.tenantKeys(), id, record(id, key, tenant).build());
  }

  private static void revoke(String id, String key, String tenant) throws Exception {
    send(Topics.tenantKeys(), id, record(id, key, tenant).setRevokedAt(Instant.now()).build());
  }

  private static TenantKey.Builder record(String id, String key, String tenant) {
    return TenantKey.newBuilder()
        .setId(id)
        .setTenant(tenant)
        .setSha256(HexFormat.of().formatHex(Authenticator.sha256(key.getBytes(UTF_8))))
        .setCreatedAt(Instant.now());
  }

  private static void send(String topic, String key, SpecificRecord value) throws Exception {
    producer.send(new ProducerRecord<>(topic, key, value)).get();
  }
}
