package io.weir.controller.requests;

import io.weir.schemas.RequestState;
import java.time.Duration;
import java.util.function.Consumer;

/** Posts results to their clients' URLs. */
public interface CallbackPoster {
  /**
   * Begins to post the result of a request that has come to its end, if there is room; must not
   * block.
   *
   * @param done hears how it went, on any thread, once
   * @return false if there is no room now
   */
  boolean post(RequestState state, Consumer<CallbackOutcome> done);

  /** How long a result is tried again. */
  Duration patience();
}
