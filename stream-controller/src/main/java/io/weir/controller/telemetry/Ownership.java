package io.weir.controller.telemetry;

import io.weir.routing.hash.Hashing;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which controller asks which engine: rendezvous hashing (Thaler and Ravishankar 1998), so that all
 * who see the same controllers agree, and only a lost controller's engines change hands.
 */
public final class Ownership {
  private Ownership() {}

  /** The owner of an engine among the controllers that are alive; empty if there is none. */
  public static Optional<String> ownerOf(String engine, Collection<String> controllers) {
    long hash = Hashing.of(engine);
    return controllers.stream()
        .max(
            Comparator.<String>comparingLong(id -> Hashing.mix(hash ^ Hashing.of(id)))
                .thenComparing(Comparator.naturalOrder()));
  }
}
