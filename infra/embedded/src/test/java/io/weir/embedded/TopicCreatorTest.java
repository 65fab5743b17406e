package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreationException;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.TopicSpec;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TopicCreatorTest {
  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static Admin admin;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    broker.close();
  }

  @Test
  void topicsAreMadeAsTheCatalogueSaysHoweverOftenItIsAsked() throws Exception {
    // Given
    List<TopicSpec<?>> topics = topics("once", TopicLayout.defaults());
    // When two roles start at once, and one again
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> TopicCreator.ensure(admin, topics));
    TopicCreator.ensure(admin, topics);
    other.get(30, TimeUnit.SECONDS);
    List<String> warnings = warningsOf(() -> TopicCreator.ensure(admin, topics));
    // Then
    assertThat(warnings).isEmpty();
    for (TopicSpec<?> topic : topics) {
      assertThat(partitions(topic.name())).isEqualTo(topic.partitions());
      topic
          .configs()
          .forEach((key, value) -> assertThat(config(topic.name(), key)).as(key).isEqualTo(value));
    }
  }

  @Test
  void anExistingTopicIsLeftAsItIsWithAWarning() throws Exception {
    // Given
    admin
        .createTopics(
            Set.of(
                new NewTopic("weir.responses.differs", 3, (short) 1)
                    .configs(Map.of("retention.ms", "1000"))))
        .all()
        .get(10, TimeUnit.SECONDS);
    // When
    List<String> warnings =
        warningsOf(() -> TopicCreator.ensure(admin, topics("differs", TopicLayout.defaults())));
    // Then
    assertThat(partitions("weir.responses.differs")).isEqualTo(3);
    assertThat(config("weir.responses.differs", "retention.ms")).isEqualTo("1000");
    assertThat(warnings)
        .anyMatch(line -> line.contains("weir.responses.differs has 3 partitions"))
        .anyMatch(line -> line.contains("has retention.ms=1000 where Weir would set 259200000"));
  }

  @Test
  void moreCopiesThanBrokersIsTold() {
    TopicLayout layout = new TopicLayout(1, 1, 1, 3, 1000);
    assertThatThrownBy(() -> TopicCreator.ensure(admin, topics("copies", layout)))
        .isInstanceOf(TopicCreationException.class)
        .hasMessageContaining("Cannot create topic weir.")
        .hasMessageContaining("InvalidReplicationFactor")
        .hasMessageContaining("ask for fewer copies");
  }

  @Test
  void brokersThatAreAwayAreTold() throws IOException {
    // Given
    String away;
    try (ServerSocket socket = new ServerSocket(0, 1, Addresses.loopback())) {
      away = "127.0.0.1:" + socket.getLocalPort();
    }
    try (Admin lost =
        Admin.create(
            Map.of(
                "bootstrap.servers", away,
                "default.api.timeout.ms", 200,
                "request.timeout.ms", 100))) {
      // When, then
      assertThatThrownBy(() -> TopicCreator.ensure(lost, topics("away", TopicLayout.defaults())))
          .isInstanceOf(TopicCreationException.class)
          .hasMessageContaining("Cannot describe topic weir.")
          .hasMessageContaining("Check bootstrap.servers");
    }
  }

  private static List<TopicSpec<?>> topics(String source, TopicLayout layout) {
    return new TopicCatalog(layout).topics(List.of(source), List.of("llama"));
  }

  private static int partitions(String topic) throws Exception {
    return admin
        .describeTopics(Set.of(topic))
        .allTopicNames()
        .get(10, TimeUnit.SECONDS)
        .get(topic)
        .partitions()
        .size();
  }

  private static String config(String topic, String key) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin
        .describeConfigs(Set.of(resource))
        .values()
        .get(resource)
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .get(key)
        .value();
  }

  private static List<String> warningsOf(Runnable work) {
    Logger logger = (Logger) LoggerFactory.getLogger(TopicCreator.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      work.run();
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
