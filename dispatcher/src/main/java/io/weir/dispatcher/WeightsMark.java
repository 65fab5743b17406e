package io.weir.dispatcher;

import java.util.Optional;

/**
 * Under which weights an engine was chosen.
 *
 * @param version epoch and version; empty while the pool's weights are static
 * @param stale true if they are older than they should be
 */
record WeightsMark(Optional<String> version, boolean stale) {
  static final WeightsMark NONE = new WeightsMark(Optional.empty(), false);
}
