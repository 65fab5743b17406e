package io.weir.routing.pick;

import io.weir.schemas.Exclusion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects the engines that were ruled out, by reason. Its tallies are used over again. */
final class Exclusions {
  private static final int NAMED = 16;
  private static final List<ExclusionReason> REASONS = List.of(ExclusionReason.values());

  private static final class Tally {
    private final String[] ids = new String[NAMED];
    private int count;
  }

  private final Map<ExclusionReason, Tally> tallies = new EnumMap<>(ExclusionReason.class);
  private int reasons;

  Exclusions() {
    REASONS.forEach(reason -> tallies.put(reason, new Tally()));
  }

  void clear() {
    reasons = 0;
    for (int i = 0; i < REASONS.size(); i++) {
      tallies.get(REASONS.get(i)).count = 0;
    }
  }

  void add(ExclusionReason reason, String engine) {
    Tally tally = tallies.get(reason);
    reasons += tally.count == 0 ? 1 : 0;
    if (tally.count < NAMED) {
      tally.ids[tally.count] = engine;
    }
    tally.count++;
  }

  List<Exclusion> toList() {
    if (reasons == 0) {
      return List.of();
    }
    List<Exclusion> list = new ArrayList<>(reasons);
    for (int i = 0; i < REASONS.size(); i++) {
      ExclusionReason reason = REASONS.get(i);
      Tally tally = tallies.get(reason);
      if (tally.count > 0) {
        String[] named = Arrays.copyOf(tally.ids, Math.min(tally.count, NAMED));
        list.add(new Exclusion(reason.label(), tally.count, Arrays.asList(named)));
      }
    }
    return list;
  }
}
