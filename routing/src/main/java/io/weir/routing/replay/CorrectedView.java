package io.weir.routing.replay;

import io.weir.routing.pick.EngineView;
import io.weir.routing.pick.ExclusionReason;
import java.util.Optional;

/**
 * An engine whose requests in flight are the estimate for all dispatchers, which the classic
 * policies do better with than with their own count.
 */
record CorrectedView(EngineSeen seen) implements EngineView {
  @Override
  public String id() {
    return seen.id();
  }

  @Override
  public long idHash() {
    return seen.idHash();
  }

  @Override
  public double weight() {
    return seen.weight();
  }

  @Override
  public int inFlight() {
    return (int) Math.round(seen.inFlightEstimate());
  }

  @Override
  public int limit() {
    return seen.full() ? 0 : Integer.MAX_VALUE;
  }

  @Override
  public Optional<ExclusionReason> exclusion() {
    return Optional.empty();
  }
}
