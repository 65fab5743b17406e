package io.weir.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/**
 * Puts all events of a request into one partition of the lifecycle, and requests that began in the
 * same 32 ms into the same one. A record costs a broker little and a batch much, so a few full
 * batches are cheaper than one small one for every partition; over a second the partitions get the
 * same. Requests that have nothing but their id to be keyed by go through their lane in the same
 * way, in steps of 8 ms, so that dispatchers that share a lane take turns quickly. Other records go
 * where Kafka's own partitioner puts keys.
 */
public final class RequestPartitioner implements Partitioner {
  private static final int ULID = 26;

  /** Crockford's base 32. */
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** Of the ten characters that are a ULID's time, those above 32 ms. */
  private static final int WINDOW = 9;

  /** The last character of a ULID's time has five bits; the upper two of them are steps of 8 ms. */
  private static final int STEPS_OF_8_MS = 3;

  /** Made by Kafka's producers by the name of the class. */
  public RequestPartitioner() {}

  /** The partition of a request's events, of so many. */
  public static int of(String requestId, int partitions) {
    String window = requestId.length() == ULID ? requestId.substring(0, WINDOW) : requestId;
    return hash(window.getBytes(UTF_8), partitions);
  }

  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    int partitions = cluster.partitionCountForTopic(topic);
    if (key instanceof String id && topic.equals(Topics.lifecycle())) {
      return of(id, partitions);
    }
    if (key instanceof String id && id.length() == ULID && Topics.isRequests(topic)) {
      return inLane(id, partitions);
    }
    return keyBytes == null
        ? ThreadLocalRandom.current().nextInt(partitions)
        : hash(keyBytes, partitions);
  }

  /** The partition of a request in its lane, by its id alone. */
  private static int inLane(String requestId, int partitions) {
    byte[] step = requestId.substring(0, WINDOW + 1).getBytes(UTF_8);
    step[WINDOW] = (byte) (digit(step[WINDOW]) >> STEPS_OF_8_MS);
    return hash(step, partitions);
  }

  private static int digit(byte character) {
    return Math.max(0, DIGITS.indexOf(character));
  }

  private static int hash(byte[] bytes, int partitions) {
    return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
  }

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public void close() {}
}
