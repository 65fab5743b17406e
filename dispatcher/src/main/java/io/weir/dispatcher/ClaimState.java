package io.weir.dispatcher;

import io.weir.dispatcher.answer.Claim;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether one attempt's claim is in Kafka, and still this dispatcher's word. */
final class ClaimState implements Claim {
  /** How late a waiting attempt hears that its tenure is over. */
  private static final long LOOK_MILLIS = 50;

  private final Tenure tenure;
  private final Source source;
  private final CountDownLatch acked = new CountDownLatch(1);

  /** What the claim was made for. */
  private interface Source {
    void settled();

    boolean given();
  }

  private record LaneRecord(PartitionClaims partition, long offset) implements Source {
    @Override
    public void settled() {
      partition.settled(offset);
    }

    @Override
    public boolean given() {
      return partition.given();
    }
  }

  private enum Claimed implements Source {
    BEFORE;

    @Override
    public void settled() {}

    @Override
    public boolean given() {
      return false;
    }
  }

  private ClaimState(Tenure tenure, Source source) {
    this.tenure = tenure;
    this.source = source;
  }

  /** The claim of a record of a lane; settled there once Kafka has it. */
  static ClaimState of(Tenure tenure, PartitionClaims partition, long offset) {
    return new ClaimState(tenure, new LaneRecord(partition, offset));
  }

  /** The claim of a further attempt at a request that this dispatcher has claimed before. */
  static ClaimState ofFurtherAttempt(Tenure tenure) {
    return new ClaimState(tenure, Claimed.BEFORE);
  }

  Tenure tenure() {
    return tenure;
  }

  void ack() {
    acked.countDown();
    source.settled();
  }

  boolean acked() {
    return acked.getCount() == 0;
  }

  /** True while there is use in making the claim. */
  boolean wanted() {
    return tenure.holds() && !source.given();
  }

  @Override
  public boolean await() {
    try {
      while (tenure.holds()) {
        if (acked.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return tenure.holds();
        }
        if (source.given() && !acked()) {
          return false;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Override
  public boolean holds() {
    return tenure.holds();
  }
}
