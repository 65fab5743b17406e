package io.weir.dispatcher.answer;

/**
 * The word in Kafka that an attempt needs before any of its answer is published, so that every
 * attempt with text stands in the lifecycle before its text does.
 */
public interface Claim {
  /** Waits until Kafka has it; false if nothing of the attempt may be published any more. */
  boolean await();

  /** True while the claim may be acted upon; false for good once it may not. */
  boolean holds();
}
