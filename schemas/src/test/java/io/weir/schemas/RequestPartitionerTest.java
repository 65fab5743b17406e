package io.weir.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

class RequestPartitionerTest {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int PARTITIONS = 8;

  private final RequestPartitioner partitioner = new RequestPartitioner();

  @Test
  void requestsOfOneWindowShareAPartition() {
    // Given ids of the same 32 ms, however random the rest
    Set<Integer> partitions =
        IntStream.range(0, 32)
            .mapToObj(
                milli -> id(1_795_000_000_000L / 32 * 32 + milli, "ABCDEFGHJKMNPQ" + milli % 10))
            .map(id -> RequestPartitioner.of(id, PARTITIONS))
            .collect(Collectors.toSet());

    // Then
    assertThat(partitions).hasSize(1);
  }

  @Test
  void windowsAreSpreadEvenly() {
    // Given a minute's windows
    int[] windows = new int[PARTITIONS];
    for (int window = 0; window < 60_000 / 32; window++) {
      windows[
          RequestPartitioner.of(
              id(1_795_000_000_000L + window * 32L, "ABCDEFGHJKMNPQRS"), PARTITIONS)]++;
    }

    // Then
    int mean = 60_000 / 32 / PARTITIONS;
    assertThat(IntStream.of(windows)).allMatch(count -> count > mean * 0.7 && count < mean * 1.3);
  }

  @Test
  void otherTopicsAndOtherIdsGoWhereKafkaPutsThem() {
    // Given
    Cluster cluster = cluster("weir.engines", Topics.lifecycle());
    byte[] key = "e1".getBytes(UTF_8);
    String ulid = id(1_795_000_000_000L, "ABCDEFGHJKMNPQRS");

    // Then
    int kafkas = BuiltInPartitioner.partitionForKey(key, PARTITIONS);
    assertThat(partition(cluster, "weir.engines", "e1")).isEqualTo(kafkas);
    assertThat(partition(cluster, Topics.lifecycle(), "e1")).isEqualTo(kafkas);
    assertThat(partition(cluster, Topics.lifecycle(), ulid))
        .isEqualTo(RequestPartitioner.of(ulid, PARTITIONS));
    assertThat(partition(cluster, "weir.engines", ulid))
        .isEqualTo(BuiltInPartitioner.partitionForKey(ulid.getBytes(UTF_8), PARTITIONS));
  }

  @Test
  void requestsKeyedByTheirIdsShareAPartitionOfTheirLaneFor8Milliseconds() {
    // Given
    String lane = Topics.requests("us-east", "llama", RequestClass.STANDARD);
    Cluster cluster = cluster(lane);
    int[] steps = new int[PARTITIONS];

    // When
    for (long step = 0; step < 60_000 / 8; step++) {
      long begin = 1_795_000_000_000L + step * 8;
      Set<Integer> partitions =
          IntStream.range(0, 8)
              .mapToObj(milli -> partition(cluster, lane, id(begin + milli, "XYZ" + milli)))
              .collect(Collectors.toSet());
      assertThat(partitions).hasSize(1);
      steps[partitions.iterator().next()]++;
    }

    // Then
    int mean = 60_000 / 8 / PARTITIONS;
    assertThat(IntStream.of(steps)).allMatch(count -> count > mean * 0.7 && count < mean * 1.3);
    assertThat(partition(cluster, lane, "p:0123456789abcdef"))
        .isEqualTo(
            BuiltInPartitioner.partitionForKey("p:0123456789abcdef".getBytes(UTF_8), PARTITIONS));
  }

  private int partition(Cluster cluster, String topic, String key) {
    return partitioner.partition(topic, key, key.getBytes(UTF_8), "", new byte[0], cluster);
  }

  private static String id(long millis, String random) {
    StringBuilder id = new StringBuilder();
    for (int shift = 45; shift >= 0; shift -= 5) {
      id.append(DIGITS.charAt((int) (millis >> shift) & 31));
    }
    return id.append((random + "0123456789ABCDEF").substring(0, 16)).toString();
  }

  private static Cluster cluster(String... topics) {
    Node node = new Node(1, "localhost", 9092);
    Node[] nodes = {node};
    return new Cluster(
        "test",
        List.of(node),
        List.of(topics).stream()
            .flatMap(
                topic ->
                    IntStream.range(0, PARTITIONS)
                        .mapToObj(n -> new PartitionInfo(topic, n, node, nodes, nodes)))
            .toList(),
        Set.of(),
        Set.of());
  }
}
