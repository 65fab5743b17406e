package io.weir.routing.protocol;

/** The rules of the protocol, each of which the model can be told to break. */
enum Rule {
  /** A lane's offset is committed only after its claim is in the lifecycle. */
  COMMIT_AFTER_CLAIM,
  /** Nothing of an attempt is published before its claim is in the lifecycle. */
  TEXT_AFTER_CLAIM,
  /** An attempt's terminal is sent only after its END is in the reply partition. */
  TERMINAL_AFTER_END,
  /** A controller writes CONTESTED before it writes to the reply partition. */
  CONTEST_BEFORE_WRITING,
  /** A controller reads on after it wrote to the reply partition, and decides anew. */
  READ_AFTER_WRITING,
  /** REQUEUED is written only after the requeue is in its topic. */
  REQUEUED_AFTER_REQUEUE,
  /** What cannot be published is let go of. */
  LET_GO_OF_FAILURES,
  /** A retry gives its slot back. */
  SLOT_BACK_ON_RETRY
}
