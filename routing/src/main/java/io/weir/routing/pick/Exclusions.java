package io.weir.routing.pick;

import io.weir.schemas.Exclusion;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects the engines that were ruled out, by reason. */
final class Exclusions {
  private static final int NAMED = 16;

  private static final class Tally {
    private final List<String> ids = new ArrayList<>(4);
    private int count;
  }

  private final Map<ExclusionReason, Tally> tallies = new EnumMap<>(ExclusionReason.class);

  void clear() {
    tallies.clear();
  }

  void add(ExclusionReason reason, String engine) {
    Tally tally = tallies.computeIfAbsent(reason, any -> new Tally());
    tally.count++;
    if (tally.ids.size() < NAMED) {
      tally.ids.add(engine);
    }
  }

  List<Exclusion> toList() {
    if (tallies.isEmpty()) {
      return List.of();
    }
    List<Exclusion> list = new ArrayList<>(tallies.size());
    tallies.forEach(
        (reason, tally) -> list.add(new Exclusion(reason.label(), tally.count, tally.ids)));
    return list;
  }
}
