package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.DispatcherGroups;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

  @TempDir Path directory;

  @Test
  void dataAndClusterIdSurviveARestart() throws Exception {
    // Given
    EmbeddedBrokerConfig config = EmbeddedBrokerConfig.in(directory);
    String clusterId;
    try (EmbeddedBroker broker = EmbeddedBroker.start(config)) {
      clusterId = broker.clusterId();
      write(broker);
    }
    // When
    try (EmbeddedBroker broker = EmbeddedBroker.start(config);
        Admin admin = admin(broker)) {
      // Then
      assertThat(broker.clusterId()).isEqualTo(clusterId);
      assertThat(admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS))
          .isEqualTo(clusterId);
      assertThat(
              admin
                  .listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                  .partitionResult(PARTITION)
                  .get(10, TimeUnit.SECONDS)
                  .offset())
          .isEqualTo(1);
    }
  }

  @Test
  void refusesADirectoryInUse() {
    // Given
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory))) {
      assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
      // When, then
      assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory)))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("another broker is running on it");
    }
  }

  @Test
  void refusesADirectoryThatANewerWeirWrote() throws IOException {
    for (String key : List.of("format", "metadata.version")) {
      // Given
      Path newer = directory.resolve(key);
      BrokerDirectory.open(newer, Optional.empty()).close();
      Path file = newer.resolve("weir-broker.properties");
      Properties marker = new Properties();
      try (var in = Files.newBufferedReader(file)) {
        marker.load(in);
      }
      marker.setProperty(key, "99");
      try (var out = Files.newBufferedWriter(file)) {
        marker.store(out, "");
      }
      // When, then
      assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBrokerConfig.in(newer)))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining(newer.toString())
          .hasMessageContaining("a newer Weir wrote it")
          .hasMessageContaining("--data-dir");
    }
  }

  @Test
  void refusesADirectoryThatIsNotItsOwn() throws IOException {
    // Given
    Files.writeString(directory.resolve("thesis.tex"), "", StandardCharsets.UTF_8);
    // When, then
    assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory)))
        .isInstanceOf(EmbeddedBrokerException.class)
        .hasMessageContaining("thesis.tex")
        .hasMessageContaining("not one of its own");
  }

  @Test
  void aRefusedDirectoryIsNotKeptLocked() throws IOException {
    // Given a foreign file that made the first start fail
    Path foreign = directory.resolve("foreign");
    Files.writeString(foreign, "", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> BrokerDirectory.open(directory, Optional.empty()))
        .isInstanceOf(EmbeddedBrokerException.class);
    Files.delete(foreign);
    // When, then
    BrokerDirectory.open(directory, Optional.empty()).close();
    assertThat(directory.resolve("log").resolve("meta.properties")).exists();
  }

  @Test
  void aPortInUseIsToldAsSuch() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, Addresses.loopback())) {
      // When, then
      assertThatThrownBy(
              () ->
                  EmbeddedBroker.start(
                      EmbeddedBrokerConfig.in(directory).withPort(taken.getLocalPort())))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void aDeadMemberIsNoticedWithinTenSeconds() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory));
        Admin admin = admin(broker)) {
      // When a group is asked what it would be held to
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "dispatchers");
      Config config =
          admin.describeConfigs(Set.of(group)).all().get(10, TimeUnit.SECONDS).get(group);
      // Then
      assertThat(config.get("consumer.session.timeout.ms").value()).isEqualTo("3500");
      assertThat(config.get("consumer.heartbeat.interval.ms").value()).isEqualTo("500");
    }
  }

  @Test
  void groupsOfDispatchersGetTheirTimeOuts() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory));
        Admin admin = admin(broker)) {
      // Given brokers that were told otherwise
      ConfigResource group =
          new ConfigResource(ConfigResource.Type.GROUP, DispatcherGroups.of("east"));
      AlterConfigOp slow =
          new AlterConfigOp(
              new ConfigEntry("consumer.session.timeout.ms", "45000"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(group, List.of(slow))).all().get(10, TimeUnit.SECONDS);
      // When
      DispatcherGroups.ensure(admin, List.of("east"));
      // Then
      Config config =
          admin.describeConfigs(Set.of(group)).all().get(10, TimeUnit.SECONDS).get(group);
      assertThat(config.get("consumer.session.timeout.ms").value()).isEqualTo("3500");
    }
  }

  @Test
  void containersGetAListenerOfTheirOwn() throws Exception {
    // Given
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, Addresses.ofContainers())) {
      port = free.getLocalPort();
    }
    // When
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory).withContainerPort(port));
        Admin admin = admin(broker)) {
      // Then
      assertThat(broker.containerBootstrapServers()).contains("host.docker.internal:" + port);
      assertThat(admin.describeCluster().nodes().get(10, TimeUnit.SECONDS)).hasSize(1);
    }
  }

  private static void write(EmbeddedBroker broker) throws Exception {
    try (Admin admin = admin(broker);
        Producer<String, String> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
      admin
          .createTopics(Set.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
          .all()
          .get(10, TimeUnit.SECONDS);
      producer
          .send(new ProducerRecord<>(PARTITION.topic(), "key", "value"))
          .get(10, TimeUnit.SECONDS);
    }
  }

  private static Admin admin(EmbeddedBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }
}
