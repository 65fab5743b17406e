package io.weir.controller.requests;

import org.apache.kafka.common.KafkaException;

/** How far the partitions of the lifecycle were read before. */
interface CommittedOffsets {
  /**
   * The offset that reading a partition goes on from; 0 if it was never read.
   *
   * @throws KafkaException if the brokers do not say so in time
   */
  long next(int partition);
}
