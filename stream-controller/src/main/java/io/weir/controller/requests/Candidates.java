package io.weir.controller.requests;

import java.util.List;

/** Requests of one partition of the lifecycle that may have to be recovered. */
record Candidates(int partition, List<String> ids) {
  Candidates {
    ids = List.copyOf(ids);
  }

  /** Sees to them. */
  interface Taker {
    /**
     * Takes those that it is not busy with, as far as it has room; the others are pointed out
     * again. Must not block.
     */
    void offer(Candidates candidates);
  }
}
