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
   */
  record Run(
      Held held, EngineSlots engine, Decision decision, WeightsMark weights, int uncachedTokens)
      implements Placement {}

  /** Its time is over before an engine was free. */
  record Expire(Held held) implements Placement {}

  /** It has to wait in the ready queue. */
  record Wait(Held held) implements Placement {}
}
