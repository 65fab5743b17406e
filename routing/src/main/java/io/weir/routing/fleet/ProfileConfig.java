package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Configs;
import io.weir.routing.config.Default;
import io.weir.routing.config.Shorthand;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.engine.IterationCost;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What an engine is like: a profile of the catalogue, values of its own, or both. The terms of an
 * iteration's time are those of {@link IterationCost}, in milliseconds.
 *
 * @param name the profile of the catalogue that everything not given here is taken from
 * @param speed how many times faster than these values it is; positive
 * @param confidence part of its capacity that is planned with before it was seen at work, above 0
 *     to 1; 0.5 where only the catalogue speaks for it, 1 where its times are given
 */
@Shorthand("name")
public record ProfileConfig(
    @Default("a100-llama-3-8b") String name,
    @Default("1") double speed,
    Optional<Double> confidence,
    Optional<Double> t0,
    Optional<Double> a,
    Optional<Double> c0,
    Optional<Double> g,
    Optional<Double> delta,
    Optional<Double> delta2,
    Optional<Double> overhead,
    Optional<Integer> maxNumSeqs,
    Optional<Integer> maxNumBatchedTokens,
    Optional<Integer> kvBlocks,
    Optional<Integer> blockSize,
    Optional<Integer> hostBlocks,
    Optional<Double> hostLoadMillis,
    Optional<Integer> maxModelLen) {
  private static final double CATALOGUE_GUESS = 0.5;

  public ProfileConfig {
    if (EngineProfiles.named(name).isEmpty()) {
      throw new ConfigException(
          "name",
          "no profile is named '" + name + "'; there are " + new TreeSet<>(EngineProfiles.names()));
    }
    if (!(speed > 0) || Double.isInfinite(speed)) {
      throw new ConfigException("speed", "must be a positive number, is " + speed);
    }
    if (confidence.isPresent() && !(confidence.get() > 0 && confidence.get() <= 1)) {
      throw new ConfigException("confidence", "must be above 0 to 1, is " + confidence.get());
    }
    notNegative("t0", t0);
    notNegative("a", a);
    notNegative("c0", c0);
    notNegative("g", g);
    notNegative("delta", delta);
    notNegative("delta2", delta2);
    notNegative("overhead", overhead);
    notNegative("host-load-millis", hostLoadMillis);
    atLeast(1, "max-num-seqs", maxNumSeqs);
    atLeast(1, "max-num-batched-tokens", maxNumBatchedTokens);
    atLeast(1, "kv-blocks", kvBlocks);
    atLeast(1, "block-size", blockSize);
    atLeast(0, "host-blocks", hostBlocks);
    atLeast(2, "max-model-len", maxModelLen);
  }

  /** A profile of the catalogue that runs at another speed, known to be true. */
  public static ProfileConfig certain(
      String name,
      double speed,
      Optional<Integer> maxNumSeqs,
      Optional<Integer> hostBlocks,
      Optional<Integer> maxModelLen) {
    Map<String, String> values = new HashMap<>();
    values.put("name", name);
    values.put("speed", Double.toString(speed));
    values.put("confidence", "1");
    maxNumSeqs.ifPresent(limit -> values.put("max-num-seqs", limit.toString()));
    hostBlocks.ifPresent(blocks -> values.put("host-blocks", blocks.toString()));
    maxModelLen.ifPresent(limit -> values.put("max-model-len", limit.toString()));
    return Configs.with(ProfileConfig.class, values);
  }

  /** The catalogue's default profile at another speed. */
  static ProfileConfig catalogue(double speed) {
    return Configs.with(ProfileConfig.class, Map.of("speed", Double.toString(speed)));
  }

  /** Times and limits together. */
  public EngineProfile profile() {
    EngineProfile base = EngineProfiles.named(name).orElseThrow();
    IterationCost cost = base.cost();
    return new EngineProfile(
        name,
        new IterationCost(
            t0.orElse(cost.t0()) / speed,
            a.orElse(cost.a()) / speed,
            c0.orElse(cost.c0()) / speed,
            g.orElse(cost.g()) / speed,
            delta.orElse(cost.delta()) / speed,
            delta2.orElse(cost.delta2()) / speed,
            overhead.orElse(cost.overhead()) / speed),
        maxNumSeqs.orElse(base.maxNumSeqs()),
        maxNumBatchedTokens.orElse(base.maxNumBatchedTokens()),
        kvBlocks.orElse(base.kvBlocks()),
        blockSize.orElse(base.blockSize()),
        hostBlocks.orElse(base.hostBlocks()),
        hostLoadMillis.orElse(base.hostLoadMillis()),
        maxModelLen.orElse(base.maxModelLen()));
  }

  /** How far the profile is to be trusted, above 0 to 1. */
  public double trust() {
    boolean measured = t0.isPresent() || a.isPresent() || c0.isPresent() || g.isPresent();
    return confidence.orElse(measured ? 1 : CATALOGUE_GUESS);
  }

  private static void notNegative(String key, Optional<Double> value) {
    if (value.isPresent() && value.get() < 0) {
      throw new ConfigException(key, "must not be negative, is " + value.get());
    }
  }

  private static void atLeast(int least, String key, Optional<Integer> value) {
    if (value.isPresent() && value.get() < least) {
      throw new ConfigException(key, "must be at least " + least + ", is " + value.get());
    }
  }
}
