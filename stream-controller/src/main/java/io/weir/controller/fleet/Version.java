package io.weir.controller.fleet;

import java.util.Optional;

/**
 * What one key of a compacted topic said at one offset.
 *
 * @param value empty where the key was removed, or never was
 * @param offset -1 if it never was
 */
record Version<V>(Optional<V> value, long offset) {
  static <V> Version<V> none() {
    return new Version<>(Optional.empty(), -1);
  }
}
