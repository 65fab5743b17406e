package io.weir.ingress.lookup;

import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RecordPointer;
import io.weir.schemas.ReplyAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * What a controller says of a request, as far as its client may know it.
 *
 * @param id the request
 * @param tenant whose it is
 * @param source where it entered
 * @param model as the client named it
 * @param requestClass its class in lower case
 * @param accepted what it was accepted with; empty if that was never read
 * @param running true if an attempt holds it
 * @param attempts how many attempts there were
 * @param terminal how it ended
 */
public record RequestView(
    String id,
    String tenant,
    String source,
    String model,
    String requestClass,
    Optional<Accepted> accepted,
    boolean running,
    int attempts,
    Optional<Terminal> terminal) {
  /**
   * What it was accepted with.
   *
   * @param reply where its answer lies, at or after the offset
   * @param path the OpenAI path
   * @param stream whether its answer is one of events
   * @param enqueuedAt when it was accepted
   * @param expiresAt when it ends without an answer
   * @param watched whether a client waited at its connection
   * @param record where it lies in its lane
   */
  public record Accepted(
      ReplyAddress reply,
      String path,
      boolean stream,
      Instant enqueuedAt,
      Instant expiresAt,
      boolean watched,
      Optional<RecordPointer> record) {}

  /**
   * How it ended.
   *
   * @param firstOffset where the attempt's first chunk lies in the reply partition
   */
  public record Terminal(
      LifecycleType type, Instant at, Optional<Failure> failure, Optional<Long> firstOffset) {}
}
