package io.weir.routing.engine;

import io.weir.schemas.EngineTiming;

/** Profiles as they are written to Kafka. */
public final class EngineTimings {
  private EngineTimings() {}

  /**
   * A profile for the wire.
   *
   * @param confidence how far it is trusted before the engine was seen at work, 0 to 1: 1 for what
   *     was measured on the engine itself, half for a guess from a catalogue
   */
  public static EngineTiming timing(EngineProfile profile, double confidence) {
    if (!(confidence > 0 && confidence <= 1)) {
      throw new IllegalArgumentException(
          "confidence must be above 0 and at most 1, is " + confidence);
    }
    IterationCost cost = profile.cost();
    return EngineTiming.newBuilder()
        .setProfile(profile.name())
        .setT0(cost.t0())
        .setA(cost.a())
        .setC0(cost.c0())
        .setG(cost.g())
        .setDelta(cost.delta())
        .setDelta2(cost.delta2())
        .setOverhead(cost.overhead())
        .setMaxNumSeqs(profile.maxNumSeqs())
        .setMaxNumBatchedTokens(profile.maxNumBatchedTokens())
        .setKvBlocks(profile.kvBlocks())
        .setBlockSize(profile.blockSize())
        .setHostBlocks(profile.hostBlocks())
        .setHostLoadMillis(profile.hostLoadMillis())
        .setMaxModelLen(profile.maxModelLen())
        .setConfidence(confidence)
        .build();
  }

  /**
   * The profile that was written.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  public static EngineProfile profile(EngineTiming timing) {
    return new EngineProfile(
        timing.getProfile(),
        new IterationCost(
            timing.getT0(),
            timing.getA(),
            timing.getC0(),
            timing.getG(),
            timing.getDelta(),
            timing.getDelta2(),
            timing.getOverhead()),
        timing.getMaxNumSeqs(),
        timing.getMaxNumBatchedTokens(),
        timing.getKvBlocks(),
        timing.getBlockSize(),
        timing.getHostBlocks(),
        timing.getHostLoadMillis(),
        timing.getMaxModelLen());
  }
}
