package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuorumTest {
  private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

  @TempDir Path directory;

  @Test
  void threeBrokersGoOnWithoutOneOfThem() throws Exception {
    // Given
    List<BrokerProcess> brokers = start(configs());
    try {
      String bootstrap =
          brokers.stream().map(BrokerProcess::bootstrapServers).collect(Collectors.joining(","));
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
          Producer<String, String> producer =
              new KafkaProducer<>(
                  Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                  new StringSerializer(),
                  new StringSerializer())) {
        admin
            .createTopics(
                Set.of(new NewTopic(PARTITION.topic(), Optional.of(1), Optional.<Short>empty())))
            .all()
            .get(30, TimeUnit.SECONDS);
        TopicDescription topic =
            admin
                .describeTopics(Set.of(PARTITION.topic()))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(PARTITION.topic());
        assertThat(topic.partitions().getFirst().replicas()).hasSize(3);
        producer.send(new ProducerRecord<>("kept", "before")).get(30, TimeUnit.SECONDS);
        // When the partition's leader dies
        brokers.get(topic.partitions().getFirst().leader().id() - 1).kill();
        producer.send(new ProducerRecord<>("kept", "after")).get(60, TimeUnit.SECONDS);
      }
      // Then
      assertThat(read(bootstrap)).containsExactly("before", "after");
    } finally {
      brokers.forEach(BrokerProcess::kill);
    }
  }

  @Test
  void aDirectoryOfAnotherClusterIsRefused() throws IOException {
    // Given
    BrokerDirectory.open(directory, Optional.of(new Quorum("one", 1, List.of(1)))).close();
    // When, then
    assertThatThrownBy(
            () -> BrokerDirectory.open(directory, Optional.of(new Quorum("other", 1, List.of(1)))))
        .isInstanceOf(EmbeddedBrokerException.class)
        .hasMessageContaining("it holds data of cluster one");
  }

  @Test
  void aNodeOutsideTheClusterIsRefused() {
    assertThatThrownBy(() -> new Quorum("id", 4, List.of(1, 2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 3");
  }

  private List<EmbeddedBrokerConfig> configs() throws IOException {
    String cluster = Uuid.randomUuid().toString();
    List<Integer> ports = freePorts();
    return IntStream.rangeClosed(1, 3)
        .mapToObj(
            node ->
                EmbeddedBrokerConfig.in(directory.resolve("broker-" + node))
                    .withQuorum(new Quorum(cluster, node, ports)))
        .toList();
  }

  /** None is ready before two of them run, so each start has a thread of its own. */
  private static List<BrokerProcess> start(List<EmbeddedBrokerConfig> configs) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<BrokerProcess>> starting =
          configs.stream()
              .map(
                  config ->
                      CompletableFuture.supplyAsync(() -> BrokerProcess.start(config), threads))
              .toList();
      return starting.stream().map(CompletableFuture::join).toList();
    }
  }

  private static List<String> read(String bootstrap) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
      List<String> values = new ArrayList<>();
      while (consumer.position(PARTITION) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }

  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket two = new ServerSocket(0);
        ServerSocket three = new ServerSocket(0)) {
      return List.of(one.getLocalPort(), two.getLocalPort(), three.getLocalPort());
    }
  }
}
