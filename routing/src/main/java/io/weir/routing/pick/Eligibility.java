package io.weir.routing.pick;

import io.weir.schemas.Exclusion;
import java.util.List;
import java.util.Optional;

/** Which engines may be chosen now, and why the others may not. Its arrays are used over again. */
final class Eligibility {
  private final Exclusions exclusions = new Exclusions();
  private boolean[] eligible = new boolean[0];

  /** Looks at all engines; true if at least one may be chosen. */
  boolean scan(List<? extends EngineView> engines) {
    int count = engines.size();
    if (eligible.length < count) {
      eligible = new boolean[count];
    }
    exclusions.clear();
    boolean any = false;
    for (int i = 0; i < count; i++) {
      EngineView engine = engines.get(i);
      Optional<ExclusionReason> exclusion = engine.exclusion();
      eligible[i] = false;
      if (exclusion.isPresent()) {
        exclusions.add(exclusion.get(), engine.id());
      } else if (!(engine.weight() > 0)) {
        exclusions.add(ExclusionReason.NO_WEIGHT, engine.id());
      } else if (engine.inFlight() >= engine.limit()) {
        exclusions.add(ExclusionReason.AT_LIMIT, engine.id());
      } else {
        eligible[i] = true;
        any = true;
      }
    }
    return any;
  }

  /** Indexed like the engines, and maybe longer. */
  boolean[] engines() {
    return eligible;
  }

  void ruleOut(int index, ExclusionReason reason, String engine) {
    eligible[index] = false;
    exclusions.add(reason, engine);
  }

  List<Exclusion> exclusions() {
    return exclusions.toList();
  }
}
