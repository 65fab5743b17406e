package io.weir.dispatcher;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The flex and batch requests of a pool that are on an engine, the youngest last: it has the least
 * to lose. Guarded by the pool's lock.
 */
final class Preemptions {
  private final SequencedSet<Preemptible> running = new LinkedHashSet<>();

  void began(Preemptible request) {
    running.add(request);
  }

  void ended(Preemptible request) {
    running.remove(request);
  }

  /** Takes out the youngest, so many at most. */
  List<Preemptible> youngest(int count) {
    List<Preemptible> youngest = new ArrayList<>();
    while (youngest.size() < count && !running.isEmpty()) {
      youngest.add(running.removeLast());
    }
    return youngest;
  }
}
