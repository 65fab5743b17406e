package io.weir.routing.replay;

import java.util.SplittableRandom;

/** A stream of seeds that a run's seed determines. */
final class Seeds {
  private final SplittableRandom random;

  Seeds(long seed) {
    random = new SplittableRandom(seed);
  }

  long next() {
    return random.nextLong();
  }
}
