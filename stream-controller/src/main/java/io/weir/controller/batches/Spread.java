package io.weir.controller.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.utils.Utils;

/** Where records of a key go by Kafka's own partitioner. */
final class Spread {
  private Spread() {}

  static int partition(String key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % partitions;
  }
}
