package io.weir.dispatcher;

import io.weir.routing.retry.OutlierPolicy;
import io.weir.routing.retry.OutlierState.Room;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Sees which engines of a pool fail or lag behind the others. Guarded by the pool's lock. */
final class Outliers {
  /** First tokens an engine is judged by, and as many come between two judgements. */
  private static final int SAMPLES = 10;

  /** With fewer others there is no telling who is the odd one. */
  private static final int OTHERS = 2;

  private static final double MEDIAN = 0.5;

  private final OutlierPolicy policy;

  Outliers(OutlierPolicy policy) {
    this.policy = policy;
  }

  /** Takes in a request's end; true if the engine is in or out of use by that. */
  boolean ended(List<EngineSlots> engines, EngineSlots engine, Ending ending) {
    boolean before = engine.isEjected();
    engine.ended(ending, policy, room(engines));
    return engine.isEjected() != before || !ending.pause().isZero();
  }

  /** Takes in a first token; true if the engine is in or out of use by that. */
  boolean firstToken(List<EngineSlots> engines, EngineSlots engine, double millis) {
    boolean before = engine.isEjected();
    engine.firstToken(millis);
    if (engine.firstTokens().count() % SAMPLES == 0) {
      OptionalDouble own = engine.firstTokens().quantile(MEDIAN, SAMPLES);
      double[] others =
          engines.stream()
              .filter(each -> each != engine)
              .map(each -> each.firstTokens().quantile(MEDIAN, SAMPLES))
              .flatMapToDouble(OptionalDouble::stream)
              .sorted()
              .toArray();
      if (own.isPresent()
          && others.length >= OTHERS
          && policy.slow(own.getAsDouble(), median(others))) {
        engine.slow(policy, room(engines));
      }
    }
    return engine.isEjected() != before;
  }

  private static double median(double[] sorted) {
    return Arrays.stream(sorted).skip((sorted.length - 1) / 2).findFirst().orElseThrow();
  }

  private Room room(List<EngineSlots> engines) {
    int ejected = (int) engines.stream().filter(EngineSlots::isEjected).count();
    return policy.allows(ejected, engines.size()) ? Room.YES : Room.NO;
  }
}
