package io.weir.ingress;

import java.util.OptionalInt;

/**
 * A lane record's key: what its request has in common with those that should meet it at the same
 * dispatcher.
 *
 * @param partition where the record goes if that is not the key's own partition
 */
record LaneKey(String text, OptionalInt partition) {
  static LaneKey plain(String text) {
    return new LaneKey(text, OptionalInt.empty());
  }
}
