package io.weir.routing.protocol;

import java.util.function.Supplier;

/** A state that must not be. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }

  static void unless(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new Violation(message.get());
    }
  }

  static void unless(boolean holds, String message) {
    if (!holds) {
      throw new Violation(message);
    }
  }
}
