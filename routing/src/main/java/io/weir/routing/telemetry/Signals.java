package io.weir.routing.telemetry;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Numbers of foreign make as what they are meant to be; what cannot be meant is left out. */
final class Signals {
  private Signals() {}

  static OptionalInt count(OptionalDouble value) {
    return sane(value)
        ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, Math.round(value.getAsDouble())))
        : OptionalInt.empty();
  }

  static OptionalLong counter(OptionalDouble value) {
    return sane(value) ? OptionalLong.of(Math.round(value.getAsDouble())) : OptionalLong.empty();
  }

  static OptionalDouble part(OptionalDouble value) {
    return sane(value)
        ? OptionalDouble.of(Math.min(1, value.getAsDouble()))
        : OptionalDouble.empty();
  }

  private static boolean sane(OptionalDouble value) {
    return value.isPresent() && value.getAsDouble() >= 0 && !Double.isInfinite(value.getAsDouble());
  }
}
