package io.weir.ingress.tenant;

import io.weir.routing.limit.LimitVerdict;
import java.util.Optional;

/** Whether a tenant may have what it asks for. */
public sealed interface Pass {
  /**
   * It may.
   *
   * @param limits what was counted against its limits; empty if it has none
   */
  record Granted(Optional<LimitVerdict.Taken> limits) implements Pass {}

  /** It may not ask for this model. */
  record ModelNotAllowed(String model) implements Pass {}

  /** It may not ask for this class. */
  record ClassNotAllowed(String requestClass) implements Pass {}

  /** It has reached one of its limits. */
  record LimitReached(LimitVerdict.Refused limits) implements Pass {}
}
