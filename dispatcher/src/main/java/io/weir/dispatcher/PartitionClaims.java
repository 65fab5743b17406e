package io.weir.dispatcher;

import io.weir.routing.queue.CommitPosition;
import java.util.OptionalLong;

/**
 * The claims of one lane partition, from its assignment to its loss. Records are taken by the
 * consumer's thread and settled by any; the monitor is held for moments only.
 */
final class PartitionClaims {
  private final CommitPosition position;
  private long committed = -1;
  private boolean given;
  // For those who only want to know, and must not wait.
  private volatile long next = -1;

  PartitionClaims() {
    this(new CommitPosition());
  }

  private PartitionClaims(CommitPosition position) {
    this.position = position;
  }

  /** What is left to be done when these are void: it has to be read again from an offset on. */
  record Rewind(PartitionClaims claims, OptionalLong from) {}

  /** Gives these up in favour of others of the same partition. */
  synchronized Rewind rewind() {
    given = true;
    return new Rewind(new PartitionClaims(position.rewound()), position.oldest());
  }

  synchronized void taken(long offset) {
    position.taken(offset);
    next = offset + 1;
  }

  synchronized void settled(long offset) {
    position.settled(offset);
    if (position.pending() == 0) {
      notifyAll();
    }
  }

  /** The offset after the last one taken; −1 if none was. */
  long next() {
    return next;
  }

  synchronized int pending() {
    return position.pending();
  }

  /** The position to commit, if it is further than the last one asked for. */
  synchronized OptionalLong toCommit() {
    OptionalLong end = position.position();
    if (end.isEmpty() || end.getAsLong() == committed) {
      return OptionalLong.empty();
    }
    committed = end.getAsLong();
    return end;
  }

  /** A commit did not succeed: the position is to be committed again. */
  synchronized void notCommitted() {
    committed = -1;
  }

  /** The partition is no longer this dispatcher's. */
  synchronized void give() {
    given = true;
  }

  synchronized boolean given() {
    return given;
  }

  /** Waits until every claim is acknowledged; false if some are not in time. */
  synchronized boolean awaitSettled(long deadlineNanos) throws InterruptedException {
    while (position.pending() > 0) {
      long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
