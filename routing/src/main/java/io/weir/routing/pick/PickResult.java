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
   */
  record Picked<E extends EngineView>(E engine, Decision decision) implements PickResult<E> {}

  /** Nothing can take the request now. */
  record NoEngine<E extends EngineView>(List<Exclusion> excluded) implements PickResult<E> {}
}
