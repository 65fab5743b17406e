package io.weir.schemas;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A few encoders for any number of threads. Thread locals would give each of thousands of virtual
 * threads its own buffer for one record; a slot is taken and put back without a lock, and who finds
 * it empty makes a new encoder.
 */
final class EncoderPool {
  private static final int SLOTS =
      Integer.highestOneBit(Math.max(8, Runtime.getRuntime().availableProcessors() * 4));

  private final AtomicReferenceArray<RecordEncoder> slots = new AtomicReferenceArray<>(SLOTS);

  RecordEncoder take() {
    RecordEncoder encoder = slots.getAndSet(slot(), null);
    return encoder == null ? new RecordEncoder() : encoder;
  }

  void put(RecordEncoder encoder) {
    encoder.reset();
    slots.setRelease(slot(), encoder);
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }
}
