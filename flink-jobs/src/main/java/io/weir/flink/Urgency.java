package io.weir.flink;

import io.weir.schemas.DemandInput;
import io.weir.schemas.EngineSample;
import io.weir.schemas.KnownDemand;
import io.weir.schemas.KnownEngine;
import java.util.Optional;

/** Whether news can wait for the next regular planning. */
enum Urgency {
  NOW,
  LATER;

  /** A rate that is higher by this part of itself, and by more than its usual burst, is a jump. */
  private static final double JUMP = 0.2;

  /** News of an engine cannot wait if it may change whether the engine gets traffic. */
  static Urgency ofEngine(Optional<KnownEngine> before, KnownEngine after) {
    return before.isEmpty()
            || before.get().getHealthy() != after.getHealthy()
            || before.get().getSpec().getDraining() != after.getSpec().getDraining()
            || !up(before.get()).equals(up(after))
        ? NOW
        : LATER;
  }

  private static Optional<Boolean> up(KnownEngine engine) {
    return engine.getSample().map(EngineSample::getUp);
  }

  /** News of demand cannot wait if it has jumped. */
  static Urgency ofDemand(Optional<KnownDemand> before, KnownDemand after) {
    DemandInput now = after.getDemand();
    double last = before.map(known -> known.getDemand().getPerSecond()).orElse(0.0);
    double more = now.getPerSecond() - last;
    return more > JUMP * now.getPerSecond() && more > now.getSigma() ? NOW : LATER;
  }
}
