package io.weir.launcher.config;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.fleet.ProfileConfig;
import io.weir.sim.Timing;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An engine of the fleet that Weir simulates itself, at the engine's URL.
 *
 * @param timing whether answers take their time
 * @param profile which set-up it behaves like, such as {@code h100-llama-3-8b}
 * @param speed how many times faster than its profile it runs; positive
 * @param maxNumSeqs batch limit in place of the profile's
 * @param maxModelLen limit of prompt and answer together in tokens, in place of the profile's
 * @param hostBlocks blocks of KV cache in host memory behind the device's
 * @param maxWaiting requests that may wait for the batch before more are refused with 503
 * @param roundTrips how far away a source is, in place of the distance between their regions
 */
public record SimulatedEngine(
    @Default("batching") Timing timing,
    @Default("h100-llama-3-8b") String profile,
    @Default("1") double speed,
    Optional<Integer> maxNumSeqs,
    Optional<Integer> maxModelLen,
    @Default("0") int hostBlocks,
    @Default("4096") int maxWaiting,
    Map<String, Duration> roundTrips) {
  public SimulatedEngine {
    roundTrips = Map.copyOf(roundTrips);
    if (EngineProfiles.named(profile).isEmpty()) {
      throw new ConfigException(
          "profile",
          "no profile is named '"
              + profile
              + "'; there are "
              + new TreeSet<>(EngineProfiles.names()));
    }
    if (!(speed > 0) || Double.isInfinite(speed)) {
      throw new ConfigException("speed", "must be a positive number, is " + speed);
    }
  }

  /** What the fleet may know of it. */
  ProfileConfig asProfile() {
    return ProfileConfig.certain(profile, speed, maxNumSeqs, Optional.of(hostBlocks), maxModelLen);
  }
}
