package io.weir.routing.request;

import io.weir.schemas.Attempt;
import io.weir.schemas.Continues;
import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.Requeue;
import io.weir.schemas.TokenUsage;
import java.util.List;
import java.util.Optional;

/**
 * The next thing that a controller writes for a request. Each is one step; a controller that dies
 * after any of them leaves logs from which the next one goes on.
 */
public sealed interface RecoveryVerdict {
  /** Nothing, for now. */
  record Leave(Reason reason) implements RecoveryVerdict {}

  /** Why there is nothing to do. */
  enum Reason {
    /** It has come to its end. */
    ENDED,
    /** Somebody works on it, or it waits where a dispatcher will find it. */
    IN_GOOD_HANDS,
    /** Neither ACCEPTED nor a claim was read yet. */
    UNKNOWN
  }

  /**
   * Append CONTESTED to the lifecycle. Only after its ack may the reply partition be read, and then
   * be decided anew: what dispatchers still say of their end does not count any more.
   */
  record Contest() implements RecoveryVerdict {}

  /**
   * Append a RESET to the reply partition, await its ack, read on until after it, decide anew.
   *
   * @param closed the attempts
   * @param text whether the text so far stands
   */
  record Reset(List<String> closed, Text text) implements RecoveryVerdict {
    public Reset {
      closed = List.copyOf(closed);
    }
  }

  /** What becomes of the text so far. */
  enum Text {
    VOID,
    KEPT
  }

  /**
   * Append an END to the reply partition, await its ack, read on until after it, decide anew.
   *
   * @param attempt under which it is written
   * @param failure what the client is told
   * @param continues to be said with it, so that text that was kept stands
   * @param events of the answer so far
   * @param bytes of the answer so far
   */
  record End(
      Attempt attempt, Failure failure, Optional<Continues> continues, long events, long bytes)
      implements RecoveryVerdict {}

  /** Append the record to the requeues, await its ack, then REQUEUED to the lifecycle. */
  record RunAgain(Requeue requeue, List<String> closed) implements RecoveryVerdict {
    public RunAgain {
      closed = List.copyOf(closed);
    }
  }

  /** Append REQUEUED to the lifecycle and nothing to the requeues: another claim is alive. */
  record Close(List<String> closed) implements RecoveryVerdict {
    public Close {
      closed = List.copyOf(closed);
    }
  }

  /**
   * Append the terminal to the lifecycle, settled; before it a dead letter if it is DEAD_LETTERED.
   *
   * @param attempt whose END stands
   * @param firstOffset of the answer in the reply partition
   * @param lastOffset of its END
   */
  record Settle(
      LifecycleType terminal,
      Attempt attempt,
      Optional<Failure> failure,
      Optional<TokenUsage> usage,
      long firstOffset,
      long lastOffset)
      implements RecoveryVerdict {}
}
