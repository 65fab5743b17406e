package io.weir.dispatcher;

/** Whether one request's claim is in Kafka. */
final class ClaimState {
  private final PartitionClaims partition;
  private final long offset;
  private volatile boolean acked;

  ClaimState(PartitionClaims partition, long offset) {
    this.partition = partition;
    this.offset = offset;
  }

  void ack() {
    acked = true;
    partition.settled(offset);
  }

  boolean acked() {
    return acked;
  }

  /** True while the lane partition it was read from is this dispatcher's. */
  boolean wanted() {
    return !partition.given();
  }
}
