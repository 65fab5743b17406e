package io.weir.routing.pick;

import java.util.Optional;

/** An engine whose state a test sets. */
final class TestEngine implements EngineView {
  private final String id;
  private final double weight;
  private final int limit;
  int inFlight;
  boolean healthy = true;

  TestEngine(String id, double weight, int limit) {
    this.id = id;
    this.weight = weight;
    this.limit = limit;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public long idHash() {
    return Hashing.of(id);
  }

  @Override
  public double weight() {
    return weight;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public Optional<ExclusionReason> exclusion() {
    return healthy ? Optional.empty() : Optional.of(ExclusionReason.UNHEALTHY);
  }
}
