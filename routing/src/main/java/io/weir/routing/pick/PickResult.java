package io.weir.routing.pick;

import io.weir.schemas.Decision;
import io.weir.schemas.Exclusion;
import java.util.List;

/**
 * What a picker says.
 *
 * @param <E> the caller's engine
 */
public sealed interface PickResult<E extends EngineView> {
  /**
   * An engine to send the request to.
   *
   * @param decision why: enough to make the same choice again with {@link DecisionReplay}
   * @param uncachedTokens prompt tokens that the engine is thought to have to compute: pending
   *     there until the answer begins
   */
  record Picked<E extends EngineView>(E engine, Decision decision, int uncachedTokens)
      implements PickResult<E> {}

  /** Nothing can take the request now. */
  record NoEngine<E extends EngineView>(List<Exclusion> excluded) implements PickResult<E> {}
}
