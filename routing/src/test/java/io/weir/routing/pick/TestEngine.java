package io.weir.routing.pick;

import io.weir.routing.hash.Hashing;
import java.util.Optional;

/** An engine whose state a test sets. */
final class TestEngine implements EngineView {
  private final String id;
  private final long idHash;
  private final int limit;
  double weight;
  int inFlight;
  boolean healthy = true;
  EngineCost cost = EngineCost.UNKNOWN;
  double pendingPromptTokens;

  TestEngine(String id, double weight, int limit) {
    this.id = id;
    this.idHash = Hashing.of(id);
    this.weight = weight;
    this.limit = limit;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public long idHash() {
    return idHash;
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

  @Override
  public EngineCost cost() {
    return cost;
  }

  @Override
  public double pendingPromptTokens() {
    return pendingPromptTokens;
  }
}
