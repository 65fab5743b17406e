package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.FileInfo;
import io.weir.schemas.Topics;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and batches over HTTP. */
class JobsTest {
  private static final String FILES = "/v1/files";
  private static final String BATCHES = "/v1/batches";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MANY = 50_000;

  private static Rig rig;
  private static Ingress ingress;
  private static Ingress other;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    rig = new Rig(directory);
    ApiKey acme = new ApiKey(sha256("acme-key"), "acme");
    ApiKey evil = new ApiKey(sha256("evil-key"), "evil");
    IngressConfig config =
        Rig.config(List.of(acme, evil), Map.of("file", "3MiB", "body", "1MiB"), Map.of());
    ingress = rig.ingress(config);
    other = rig.ingress(config);
  }

  @AfterAll
  static void stop() {
    ingress.close();
    other.close();
    rig.close();
  }

  private static String sha256(String key) {
    return HexFormat.of().formatHex(Authenticator.sha256(key.getBytes(UTF_8)));
  }

  private static HttpRequest.Builder as(String key, Ingress at, String path) {
    return Client.request(at, path).header("Authorization", "Bearer " + key);
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return Client.send(as("acme-key", ingress, path).GET().build());
  }

  private static HttpResponse<byte[]> upload(String purpose, byte[] content) throws Exception {
    byte[] head =
        """
        --xyz\r
        Content-Disposition: form-data; name="file"; filename="in.jsonl"\r
        Content-Type: application/octet-stream\r
        \r
        """
            .getBytes(UTF_8);
    byte[] tail =
        """
        \r
        --xyz\r
        Content-Disposition: form-data; name="purpose"\r
        \r
        %s\r
        --xyz--\r
        """
            .formatted(purpose)
            .getBytes(UTF_8);
    return Client.send(
        as("acme-key", ingress, FILES)
            .setHeader("content-type", "multipart/form-data; boundary=xyz")
            .POST(
                HttpRequest.BodyPublishers.concat(
                    HttpRequest.BodyPublishers.ofByteArray(head),
                    HttpRequest.BodyPublishers.ofByteArray(content),
                    HttpRequest.BodyPublishers.ofByteArray(tail)))
            .build());
  }

  private static String file(byte[] content) throws Exception {
    HttpResponse<byte[]> response = upload("batch", content);
    assertThat(response.statusCode()).as(Client.text(response)).isEqualTo(200);
    return Client.json(response.body()).path("id").asText();
  }

  private static HttpResponse<byte[]> create(String file, String window) throws Exception {
    return Client.send(
        as("acme-key", ingress, BATCHES)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"input_file_id":"%s","endpoint":"/v1/chat/completions","completion_window":"%s",
                     "metadata":{"job":"nightly"},"unknown":1}"""
                        .formatted(file, window)))
            .build());
  }

  @Test
  void aFileComesBackByteForByteFromAnyIngressUntilItIsDeleted() throws Exception {
    // Given a file of several parts
    byte[] content = new byte[1_500_000];
    new Random(3).nextBytes(content);
    HttpResponse<byte[]> created = upload("batch", content);
    JsonNode file = Client.json(created.body());
    String id = file.path("id").asText();
    assertThat(id).startsWith("file-");
    assertThat(file.path("object").asText()).isEqualTo("file");
    assertThat(file.path("bytes").asInt()).isEqualTo(content.length);
    assertThat(file.path("filename").asText()).isEqualTo("in.jsonl");

    // When / Then
    HttpResponse<byte[]> read =
        Client.send(as("acme-key", other, FILES + "/" + id + "/content").GET().build());
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo(content);
    assertThat(Client.json(get(FILES + "/" + id).body())).isEqualTo(file);
    assertThat(Client.json(get(FILES).body()).path("data").findValuesAsText("id")).contains(id);

    // Others do not see it
    assertThat(Client.send(as("evil-key", ingress, FILES + "/" + id).GET().build()).statusCode())
        .isEqualTo(404);
    assertThat(
            Client.json(Client.send(as("evil-key", ingress, FILES).GET().build()).body())
                .path("data"))
        .isEmpty();

    // When
    HttpResponse<byte[]> deleted =
        Client.send(as("acme-key", ingress, FILES + "/" + id).DELETE().build());
    // Then
    assertThat(Client.json(deleted.body()).path("deleted").asBoolean()).isTrue();
    assertThat(get(FILES + "/" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void anIngressKnowsAllFilesFromItsFirstRequestOn() throws Exception {
    // Given more than is read in a moment
    Instant now = Instant.now();
    try (KafkaProducer<String, SpecificRecord> producer =
        new KafkaProducer<>(rig.kafka.settings().producer(Map.of()))) {
      for (int i = 0; i < MANY; i++) {
        String id = "file-known-" + i;
        var unused =
            producer.send(
                new ProducerRecord<>(
                    Topics.fileInfos(),
                    id,
                    new FileInfo(
                        id, "many", "f", "batch", 3L, now, now.plusSeconds(60), 0, 1L, 0L)));
      }
    }

    // When it has just started, then
    try (Ingress late =
        rig.ingress(
            Rig.config(
                List.of(new ApiKey(sha256("many-key"), "many")),
                Map.of("files", Integer.toString(2 * MANY)),
                Map.of()))) {
      HttpResponse<byte[]> last =
          Client.send(as("many-key", late, FILES + "/file-known-" + (MANY - 1)).GET().build());
      assertThat(last.statusCode()).as(Client.text(last)).isEqualTo(200);
    }
  }

  @Test
  void whatIsNoFileForABatchIsRefused() throws Exception {
    assertThat(upload("fine-tune", "x".getBytes(UTF_8)).statusCode()).isEqualTo(400);
    HttpResponse<byte[]> large = upload("batch", new byte[(3 << 20) + 1]);
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(Client.error(large.body()).path("code").asText()).isEqualTo("file_too_large");
    HttpResponse<byte[]> json =
        Client.send(
            as("acme-key", ingress, FILES).POST(HttpRequest.BodyPublishers.ofString("{}")).build());
    assertThat(json.statusCode()).isEqualTo(415);
    assertThat(Client.send(Client.request(ingress, FILES).GET().build()).statusCode())
        .isEqualTo(401);
    // An empty file is a file.
    assertThat(get(FILES + "/" + file(new byte[0]) + "/content").body()).isEmpty();
  }

  @Test
  void aBatchIsKnownEverywhereAndSaysWhatItsRunnerWrote() throws Exception {
    // Given
    String file = file("{}\n".getBytes(UTF_8));
    HttpResponse<byte[]> created = create(file, "30m");
    JsonNode batch = Client.json(created.body());
    String id = batch.path("id").asText();
    assertThat(batch.path("status").asText()).isEqualTo("validating");
    assertThat(batch.path("input_file_id").asText()).isEqualTo(file);
    assertThat(batch.path("metadata").path("job").asText()).isEqualTo("nightly");
    assertThat(batch.path("expires_at").asLong() - batch.path("created_at").asLong())
        .isEqualTo(1800);
    assertThat(Client.send(as("acme-key", other, BATCHES + "/" + id).GET().build()).statusCode())
        .isEqualTo(200);
    assertThat(Client.send(as("evil-key", ingress, BATCHES + "/" + id).GET().build()).statusCode())
        .isEqualTo(404);

    // When it is cancelled
    HttpResponse<byte[]> cancelled =
        Client.send(
            as("acme-key", other, BATCHES + "/" + id + "/cancel")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    // Then it says so, though nobody has acted on it
    assertThat(Client.json(cancelled.body()).path("status").asText()).isEqualTo("cancelling");

    // When its runner ends it
    end(id, file);
    // Then
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Client.json(get(BATCHES + "/" + id).body())
                    .path("status")
                    .asText()
                    .equals("completed"));
    JsonNode done = Client.json(get(BATCHES + "/" + id).body());
    assertThat(done.path("request_counts").path("completed").asInt()).isEqualTo(1);
    assertThat(done.path("completed_at").isNumber()).isTrue();
    HttpResponse<byte[]> late =
        Client.send(
            as("acme-key", ingress, BATCHES + "/" + id + "/cancel")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    assertThat(late.statusCode()).isEqualTo(409);
  }

  private static void end(String id, String file) throws Exception {
    Instant now = Instant.now();
    Batch done =
        Batch.newBuilder()
            .setId(id)
            .setTenant("acme")
            .setSource("here")
            .setEndpoint("/v1/chat/completions")
            .setInput(
                new FileInfo(file, "acme", "f", "batch", 3L, now, now.plusSeconds(60), 0, 0L, 0L))
            .setCompletionWindow("30m")
            .setStatus(BatchStatus.COMPLETED)
            .setTotal(1)
            .setCompleted(1)
            .setCreatedAt(now)
            .setExpiresAt(now.plusSeconds(60))
            .setEndedAt(now)
            .build();
    try (KafkaProducer<String, SpecificRecord> producer =
        new KafkaProducer<>(rig.kafka.settings().producer(Map.of()))) {
      var unused = producer.send(new ProducerRecord<>(Topics.batches(), id, done)).get();
    }
  }

  @Test
  void batchesAreListedNewestFirstAndInPages() throws Exception {
    String file = file("{}\n".getBytes(UTF_8));
    String first = Client.json(create(file, "24h").body()).path("id").asText();
    String second = Client.json(create(file, "24h").body()).path("id").asText();
    JsonNode page = Client.json(get(BATCHES + "?limit=1").body());
    assertThat(page.path("data").findValuesAsText("id")).containsExactly(second);
    assertThat(page.path("has_more").asBoolean()).isTrue();
    JsonNode next = Client.json(get(BATCHES + "?limit=1&after=" + second).body());
    assertThat(next.path("data").findValuesAsText("id")).containsExactly(first);
    assertThat(get(BATCHES + "?limit=0").statusCode()).isEqualTo(400);
    assertThat(get(BATCHES + "?after=nothing").statusCode()).isEqualTo(400);
  }

  @Test
  void aBatchThatCannotBeIsRefusedWithTheFieldAtFault() throws Exception {
    String file = file("{}\n".getBytes(UTF_8));
    assertThat(Client.error(create("file-none", "24h").body()).path("param").asText())
        .isEqualTo("input_file_id");
    assertThat(Client.error(create(file, "25h").body()).path("param").asText())
        .isEqualTo("completion_window");
    HttpResponse<byte[]> endpoint =
        Client.send(
            as("acme-key", ingress, BATCHES)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"input_file_id\":\"x\",\"endpoint\":\"/v1/models\"}"))
                .build());
    assertThat(Client.error(endpoint.body()).path("param").asText()).isEqualTo("endpoint");
  }
}
