package io.weir.dispatcher;

import io.weir.schemas.Decision;

/** What is to be done with a request now. */
sealed interface Placement {
  Held held();

  /**
   * Run it there; the slot is taken.
   *
   * @param weights under which the engine was chosen
   * @param uncachedTokens of its prompt that the engine probably has to compute
   * @param chargedTokens what its tenant was charged for it; 0 for a further attempt
   */
  record Run(
      Held held,
      EngineSlots engine,
      Decision decision,
      WeightsMark weights,
      int uncachedTokens,
      double chargedTokens)
      implements Placement {}

  /** End it: no engine is to see it. */
  record Drop(Held held, Dropped why) implements Placement {}

  /** It has to wait in the ready queue. */
  record Wait(Ready ready) implements Placement {
    @Override
    public Held held() {
      return ready.held();
    }
  }
}
