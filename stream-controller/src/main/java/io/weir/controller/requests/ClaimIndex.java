package io.weir.controller.requests;

import io.weir.schemas.OpenClaim;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which requests each dispatcher holds, by member and epoch. As large as what all dispatchers hold,
 * which they bound. Belongs to one thread.
 */
final class ClaimIndex {
  private final Map<Holder, Set<String>> held = new HashMap<>();
  private int size;

  /**
   * Who holds a claim.
   *
   * @param epoch of the member when it claimed
   * @param released true if it says itself that it works on it no more
   */
  record Holder(String member, long epoch, boolean released) {
    static Holder of(OpenClaim claim) {
      return new Holder(claim.getMember(), claim.getMemberEpoch(), claim.getReleased());
    }
  }

  /** The claims of a request are others now. */
  void replace(String id, List<OpenClaim> before, List<OpenClaim> after) {
    if (before.equals(after)) {
      return;
    }
    for (OpenClaim claim : before) {
      Set<String> ids = held.get(Holder.of(claim));
      if (ids != null && ids.remove(id)) {
        size--;
        if (ids.isEmpty()) {
          held.remove(Holder.of(claim));
        }
      }
    }
    for (OpenClaim claim : after) {
      if (held.computeIfAbsent(Holder.of(claim), any -> new LinkedHashSet<>()).add(id)) {
        size++;
      }
    }
  }

  /** Everyone who holds something. */
  Set<Holder> holders() {
    return held.keySet();
  }

  /** The requests of one of them, in the order in which they were claimed. */
  Collection<String> of(Holder holder) {
    return held.getOrDefault(holder, Set.of());
  }

  /** How many requests are held, each counted once for everyone who holds it. */
  int size() {
    return size;
  }
}
