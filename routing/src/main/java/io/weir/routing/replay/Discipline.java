package io.weir.routing.replay;

import io.weir.routing.order.FirstToken;
import java.util.Optional;

/** One overload policy at work: what waits, in which order, and what is turned away. */
interface Discipline {
  /** How a policy keeps engines. */
  enum Filling {
    /** No limit. */
    PUSHED,
    /** The batch at which the model meets the target, fixed. */
    LIMITED,
    /** Limits that follow what is measured, and prompts at the pace of the target. */
    PACED
  }

  /** Is told what is dropped. */
  interface Dropped {
    void drop(OverloadRequest request);
  }

  Filling filling();

  /** Takes a request in; says false if it is turned away. */
  boolean arrive(OverloadRequest request, long now);

  /** Takes out the next request to send, if any, and what is not to be sent any more. */
  Optional<OverloadRequest> next(long now, FirstToken<OverloadRequest> firstToken, Dropped dropped);

  /** Time has passed. */
  default void tick(long now, Dropped dropped) {}

  /** An answer is complete. */
  default void finished(OverloadRequest request) {}
}
