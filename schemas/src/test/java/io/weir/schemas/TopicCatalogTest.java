package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicCatalogTest {
  @Test
  void aFleetHasALaneForEachSourcePoolAndClass() {
    // When
    Map<String, TopicSpec<?>> topics =
        new TopicCatalog(TopicLayout.defaults())
            .topics(List.of("us-east", "eu-west", "us-east"), List.of("llama")).stream()
                .collect(Collectors.toMap(TopicSpec::name, Function.identity()));
    // Then
    assertThat(topics)
        .containsOnlyKeys(
            "weir.requests.us-east.llama.priority",
            "weir.requests.us-east.llama.standard",
            "weir.requests.us-east.llama.flex",
            "weir.requests.us-east.llama.batch",
            "weir.requests.eu-west.llama.priority",
            "weir.requests.eu-west.llama.standard",
            "weir.requests.eu-west.llama.flex",
            "weir.requests.eu-west.llama.batch",
            "weir.requeues.us-east.llama",
            "weir.requeues.eu-west.llama",
            "weir.responses.us-east",
            "weir.responses.eu-west",
            "weir.cancellations.us-east",
            "weir.cancellations.eu-west",
            "weir.lifecycle",
            "weir.idempotency",
            "weir.files",
            "weir.file-infos",
            "weir.batches",
            "weir.batch-items",
            "weir.dead-letters",
            "weir.members",
            "weir.engines",
            "weir.tenants",
            "weir.tenant-keys",
            "weir.tenant-spend",
            "weir.geography",
            "weir.telemetry",
            "weir.weights",
            "weir.weights-history");
    assertThat(describe(topics.get("weir.requests.us-east.llama.flex")))
        .isEqualTo("InferenceRequest 4 x-1 180000000 ms 10485760 bytes LogAppendTime");
    assertThat(describe(topics.get("weir.responses.us-east")))
        .isEqualTo("ResponseChunk 8 x-1 259200000 ms 10485760 bytes LogAppendTime");
    assertThat(describe(topics.get("weir.lifecycle")))
        .isEqualTo("LifecycleEvent 8 x-1 604800000 ms 10485760 bytes LogAppendTime");
    assertThat(topics.get("weir.lifecycle").configs()).containsEntry("cleanup.policy", "delete");
    assertThat(describe(topics.get("weir.idempotency")))
        .isEqualTo("IdempotentRequest 8 x-1 259200000 ms 10485760 bytes LogAppendTime");
    assertThat(describe(topics.get("weir.members")))
        .isEqualTo("Member 1 x-1 86400000 ms 10485760 bytes LogAppendTime");
    assertThat(topics.get("weir.members").configs())
        .containsEntry("cleanup.policy", "compact,delete");
    assertThat(describe(topics.get("weir.weights")))
        .isEqualTo("RoutingWeights 1 x-1 null ms 10485760 bytes LogAppendTime");
    assertThat(topics.get("weir.weights").configs()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void theLayoutIsFollowed() {
    TopicLayout layout = new TopicLayout(1, 2, 3, 3, 100).withMaxRecordBytes(77);
    assertThat(
            new TopicCatalog(layout)
                .topics(List.of("a"), List.of("b")).stream().map(TopicCatalogTest::describe))
        .contains(
            "InferenceRequest 1 x3 180000000 ms 77 bytes LogAppendTime",
            "ResponseChunk 2 x3 259200000 ms 77 bytes LogAppendTime",
            "LifecycleEvent 3 x3 604800000 ms 77 bytes LogAppendTime");
    assertThatThrownBy(() -> new TopicLayout(0, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lane partitions");
    assertThatThrownBy(() -> new TopicLayout(1, 1, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replication factor");
  }

  @Test
  void namesThatCannotBePartOfATopicAreRefused() {
    for (String name : List.of("", "US", "a.b", "-a", "a-", "a_b", "a b", "x".repeat(64))) {
      assertThatThrownBy(() -> Topics.requests("ok", name, RequestClass.BATCH))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pool name '" + name + "'");
      assertThatThrownBy(() -> Topics.responses(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("source name '" + name + "'");
    }
    String longest = "x".repeat(63);
    assertThat(Topics.requests(longest, longest, RequestClass.STANDARD)).hasSizeLessThan(250);
    assertThat(Topics.requests("0", "a--1", RequestClass.PRIORITY))
        .isEqualTo("weir.requests.0.a--1.priority");
  }

  private static String describe(TopicSpec<?> topic) {
    Map<String, String> configs = topic.configs();
    return "%s %d x%d %s ms %s bytes %s"
        .formatted(
            topic.value().getSimpleName(),
            topic.partitions(),
            topic.replicationFactor(),
            configs.get("retention.ms"),
            configs.get("max.message.bytes"),
            configs.get("message.timestamp.type"));
  }
}
