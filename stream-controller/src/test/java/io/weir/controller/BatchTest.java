package io.weir.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.controller.batches.BatchRunner;
import io.weir.controller.batches.BatchesConfig;
import io.weir.controller.tenants.TenantRules;
import io.weir.routing.config.Configs;
import io.weir.routing.limit.BudgetCalendar;
import io.weir.schemas.Batch;
import io.weir.schemas.BatchError;
import io.weir.schemas.BatchStatus;
import io.weir.schemas.BudgetPeriod;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.TenantSpend;
import io.weir.schemas.Topics;
import io.weir.schemas.members.LeaseTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches are run, each line once, whoever runs them. */
class BatchTest {
  private Rig rig;
  private BatchStory story;

  @BeforeEach
  void start(@TempDir Path directory) {
    rig = new Rig(directory);
    story = rig.closing(new BatchStory(rig));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private BatchRunner runner(String instance) {
    BatchesConfig small = Configs.with(BatchesConfig.class, Map.of("outstanding", "24"));
    return rig.closing(
        new BatchRunner(
            rig.settings(), instance, small, () -> Rig.fleet(), () -> true, TenantRules.NONE));
  }

  private void assertEachOnce(int lines, Batch batch) throws Exception {
    assertThat(batch.getStatus()).isEqualTo(BatchStatus.COMPLETED);
    assertThat(batch.getTotal()).isEqualTo(lines);
    assertThat(batch.getCompleted()).isEqualTo(lines);
    assertThat(batch.getFailed()).isZero();
    assertThat(batch.getErrorFile()).isEmpty();
    Set<String> seen = new HashSet<>();
    for (JsonNode line : story.read(batch.getOutputFile())) {
      String name = line.path("custom_id").asText();
      assertThat(seen.add(name)).as(name).isTrue();
      JsonNode response = line.path("response");
      assertThat(response.path("status_code").asInt()).isEqualTo(200);
      assertThat(response.path("body").path("echo").path("user").asText())
          .isEqualTo(name.substring("line-".length()));
    }
    assertThat(seen).hasSize(lines);
    List<String> ids =
        story.lane.stream().map(each -> ((InferenceRequest) each.value()).getId()).toList();
    assertThat(ids).doesNotHaveDuplicates().hasSize(lines);
  }

  @Test
  void aBatchWhoseRunnerStopsIsRunOnByTheNext() throws Exception {
    // Given a controller that runs a batch, and stops in its midst
    Controller first = rig.controller("c1", LeaseTerms.STANDARD);
    BatchRunner small = runner("r1");
    String id = story.create(BatchStory.lines(300));
    story.answer(100);
    await().atMost(Rig.PATIENCE).until(() -> story.answered.get() == 100);
    small.close();
    first.close();

    // When
    rig.controller("c2", LeaseTerms.STANDARD);
    story.answerAll();

    // Then
    assertEachOnce(300, story.awaitEnd(id));
  }

  @Test
  void twoThatBothBelieveToRunItHandOutEachLineOnce() throws Exception {
    // Given
    rig.controller("c1", LeaseTerms.STANDARD);
    runner("r1");
    runner("r2");
    // When
    String id = story.create(BatchStory.lines(200));
    story.answerAll();
    // Then
    assertEachOnce(200, story.awaitEnd(id));
  }

  @Test
  void linesWaitWhileTheirTenantsBudgetIsUsedUp() throws Exception {
    // Given a tenant that has used up its tokens
    Controller controller = rig.controller("c1", LeaseTerms.STANDARD);
    String path = "/admin/tenants/" + BatchStory.TENANT;
    try (Http http = new Http(controller.uri())) {
      await()
          .atMost(Rig.PATIENCE)
          .until(
              () ->
                  http.put(path, "{\"budgets\": [{\"period\": \"month\", \"tokens\": 100}]}")
                          .status()
                      == 200);
      Instant month = BudgetCalendar.begin(BudgetPeriod.MONTH, Instant.now());
      story.write(
          Topics.tenantSpend(),
          "spent",
          new TenantSpend(
              BatchStory.TENANT,
              BudgetPeriod.MONTH,
              month,
              99,
              1L,
              60L,
              40L,
              0.0,
              0L,
              0.0,
              Instant.now()));
      await()
          .atMost(Rig.PATIENCE)
          .until(() -> http.get(path + "/use").body().at("/month/prompt_tokens").asInt() == 60);

      // When
      String id = story.create(BatchStory.lines(20));
      await()
          .atMost(Rig.PATIENCE)
          .until(() -> story.find(id).orElseThrow().getStatus() == BatchStatus.IN_PROGRESS);

      // Then
      await().during(Duration.ofSeconds(1)).atMost(Rig.PATIENCE).until(story.lane::isEmpty);

      // When it is raised
      assertThat(http.put(path, "{}").status()).isEqualTo(200);
      story.answerAll();

      // Then
      assertEachOnce(20, story.awaitEnd(id));
    }
  }

  @Test
  void aFileWithMistakesFailsItsBatchAndSaysWhich() throws Exception {
    // Given
    rig.controller("c1", LeaseTerms.STANDARD);
    // When
    String id = story.create(BatchStory.lines(2) + "\n{\n" + BatchStory.lines(1));
    Batch batch = story.awaitEnd(id);
    // Then
    assertThat(batch.getStatus()).isEqualTo(BatchStatus.FAILED);
    assertThat(batch.getErrors().stream().map(BatchError::getCode))
        .containsExactly("invalid_json_line", "duplicate_custom_id");
    assertThat(batch.getErrors().stream().map(BatchError::getLine))
        .containsExactly(Optional.of(4), Optional.of(5));
    assertThat(story.lane).isEmpty();
  }

  @Test
  void aCancelledBatchKeepsWhatIsDoneAndRunsNothingMore() throws Exception {
    // Given a batch of which ten lines are answered and others are out
    rig.controller("c1", LeaseTerms.STANDARD);
    String id = story.create(BatchStory.lines(1500));
    story.answer(10);
    await().atMost(Rig.PATIENCE).until(() -> story.lane.size() > 900);
    await().atMost(Rig.PATIENCE).until(() -> story.find(id).orElseThrow().getCompleted() == 10);

    // When
    story.obeyCancellations();
    story.cancel(id);
    Batch batch = story.awaitEnd(id);

    // Then
    assertThat(batch.getStatus()).isEqualTo(BatchStatus.CANCELLED);
    assertThat(batch.getCompleted()).isEqualTo(10);
    assertThat(batch.getFailed()).isEqualTo(1490);
    assertThat(story.lane.size()).isLessThan(1500);
    assertThat(story.read(batch.getOutputFile())).hasSize(10);
    List<JsonNode> errors = story.read(batch.getErrorFile());
    assertThat(errors).hasSize(1490);
    assertThat(errors)
        .allSatisfy(
            line -> {
              assertThat(line.path("error").path("code").asText()).isEqualTo("batch_cancelled");
              assertThat(line.path("response").isNull()).isTrue();
            });
    assertThat(errors.stream().map(line -> line.path("custom_id").asText()))
        .containsAll(IntStream.range(1400, 1500).mapToObj(i -> "line-" + i).toList());
  }
}
