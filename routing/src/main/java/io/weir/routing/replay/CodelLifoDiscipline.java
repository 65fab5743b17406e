package io.weir.routing.replay;

import io.weir.routing.order.FirstToken;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * First in, first out while the queue empties now and then; when it has not for a while, last in
 * first out, and what has waited longer than a short time is dropped.
 */
final class CodelLifoDiscipline implements Discipline {
  private static final long INTERVAL_NANOS = 2_000_000_000;
  private static final long SHORT_WAIT_NANOS = 500_000_000;

  private final ArrayDeque<OverloadRequest> queue = new ArrayDeque<>();
  private long emptyAt;

  @Override
  public Filling filling() {
    return Filling.LIMITED;
  }

  @Override
  public boolean arrive(OverloadRequest request, long now) {
    if (queue.isEmpty()) {
      emptyAt = now;
    }
    queue.addLast(request);
    return true;
  }

  @Override
  public Optional<OverloadRequest> next(
      long now, FirstToken<OverloadRequest> firstToken, Dropped dropped) {
    boolean standing = now - emptyAt > INTERVAL_NANOS;
    while (!queue.isEmpty()) {
      OverloadRequest oldest = queue.peekFirst();
      if (oldest.deadlineNanos() > now && !(standing && oldest.waited(now) > SHORT_WAIT_NANOS)) {
        return Optional.of(standing ? queue.removeLast() : queue.removeFirst());
      }
      dropped.drop(queue.removeFirst());
    }
    emptyAt = now;
    return Optional.empty();
  }
}
