package io.weir.schemas;

/**
 * How topics are spread over brokers.
 *
 * @param lanePartitions partitions of each request lane, at least 1
 * @param responsePartitions partitions of each source's responses, at least 1
 * @param lifecyclePartitions partitions of the lifecycle, at least 1
 * @param replicationFactor copies of each partition, or -1 for the broker's default
 * @param maxRecordBytes the largest record a topic takes, in bytes; must exceed the HTTP body limit
 */
public record TopicLayout(
    int lanePartitions,
    int responsePartitions,
    int lifecyclePartitions,
    int replicationFactor,
    int maxRecordBytes) {

  /** Room for an 8 MiB body and the fields around it, should it not compress at all. */
  public static final int DEFAULT_MAX_RECORD_BYTES = 10 * 1024 * 1024;

  public TopicLayout {
    atLeastOne("lane partitions", lanePartitions);
    atLeastOne("response partitions", responsePartitions);
    atLeastOne("lifecycle partitions", lifecyclePartitions);
    atLeastOne("bytes of the largest record", maxRecordBytes);
    if (replicationFactor != -1 && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "The replication factor must be at least 1, or -1 for the broker's default, not "
              + replicationFactor
              + ".");
    }
  }

  /** Four partitions a lane, eight for each source's responses and for the lifecycle. */
  public static TopicLayout defaults() {
    return new TopicLayout(4, 8, 8, -1, DEFAULT_MAX_RECORD_BYTES);
  }

  /** The same layout with another record limit, in bytes. */
  public TopicLayout withMaxRecordBytes(int bytes) {
    return new TopicLayout(
        lanePartitions, responsePartitions, lifecyclePartitions, replicationFactor, bytes);
  }

  private static void atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "The number of %s must be at least 1, not %d.".formatted(what, value));
    }
  }
}
