package io.weir.flink;

import io.weir.schemas.Failure;
import io.weir.schemas.LifecycleEvent;
import java.util.Optional;

/** Which lifecycle events say what about an engine. */
final class EngineEvidence {
  private static final String UNREACHABLE = "engine_unreachable";

  private EngineEvidence() {}

  /** The signal in an event, if there is one. */
  static Optional<EngineSignal> of(LifecycleEvent event) {
    return event
        .getEngine()
        .flatMap(
            engine ->
                switch (event.getType()) {
                  case FIRST_TOKEN, SUCCEEDED -> Optional.of(new EngineSignal.Answered(engine));
                  case FAILED, RETRIED ->
                      event
                          .getFailure()
                          .map(Failure::getReason)
                          .filter(UNREACHABLE::equals)
                          .map(reason -> new EngineSignal.Unreachable(engine));
                  case ACCEPTED,
                      CONTESTED,
                      CLAIMED,
                      DISPATCHED,
                      REQUEUED,
                      SHED,
                      EXPIRED,
                      CANCELLED,
                      DEAD_LETTERED ->
                      Optional.empty();
                });
  }
}
