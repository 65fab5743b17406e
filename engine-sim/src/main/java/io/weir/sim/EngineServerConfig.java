package io.weir.sim;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.DataSize;
import io.weir.routing.config.Default;
import io.weir.routing.config.Secret;
import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One simulated engine.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param model name of the model it serves
 * @param aliases further names it answers to
 * @param timing whether answers take their time
 * @param profile name in {@link EngineProfiles}
 * @param speed how many times faster than the profile it runs; positive
 * @param maxNumSeqs batch limit in place of the profile's
 * @param maxModelLen limit of prompt and answer together in tokens, in place of the profile's
 *     (1,048,576 with instant timing)
 * @param hostBlocks blocks of KV cache in host memory behind the device's
 * @param maxWaiting requests that may wait for the batch before more are refused with 503
 * @param defaultOutputTokens length of an answer to a request without a limit
 * @param embeddingDimensions length of an embedding where the request does not say
 * @param maxBody largest request body
 * @param maxConnections most connections at once
 * @param roundTrips how far away a source is, by the name it gives in {@code x-weir-source}
 * @param apiKey bearer token that {@code /v1} and {@code /admin} require
 */
public record EngineServerConfig(
    @Default("127.0.0.1") String host,
    @Default("0") int port,
    @Default("llama-3-8b") String model,
    List<String> aliases,
    @Default("batching") Timing timing,
    @Default("h100-llama-3-8b") String profile,
    @Default("1") double speed,
    Optional<Integer> maxNumSeqs,
    Optional<Integer> maxModelLen,
    @Default("0") int hostBlocks,
    @Default("4096") int maxWaiting,
    @Default("128") int defaultOutputTokens,
    @Default("384") int embeddingDimensions,
    @Default("64MiB") DataSize maxBody,
    @Default("8192") int maxConnections,
    Map<String, Duration> roundTrips,
    Optional<Secret> apiKey) {
  private static final int INSTANT_MODEL_LEN = 1 << 20;
  private static final int MAX_PORT = 65_535;

  public EngineServerConfig {
    aliases = List.copyOf(aliases);
    roundTrips = Map.copyOf(roundTrips);
    check(port >= 0 && port <= MAX_PORT, "port", "must be 0 to 65535, is " + port);
    check(!model.isBlank(), "model", "must not be blank");
    check(
        EngineProfiles.named(profile).isPresent(),
        "profile",
        "'" + profile + "' is none of " + String.join(", ", EngineProfiles.names()));
    check(speed > 0, "speed", "must be positive, is " + speed);
    check(maxNumSeqs.orElse(1) >= 1, "max-num-seqs", "must be at least 1");
    check(maxModelLen.orElse(2) >= 2, "max-model-len", "must be at least 2");
    long kvTokens = EngineProfiles.named(profile).orElseThrow().kvTokens();
    check(
        timing == Timing.INSTANT || maxModelLen.orElse(2) <= kvTokens,
        "max-model-len",
        "is more than the " + kvTokens + " tokens that the profile's KV cache holds");
    check(hostBlocks >= 0, "host-blocks", "must not be negative, is " + hostBlocks);
    check(maxWaiting >= 1, "max-waiting", "must be at least 1, is " + maxWaiting);
    check(
        defaultOutputTokens >= 1,
        "default-output-tokens",
        "must be at least 1, is " + defaultOutputTokens);
    check(
        embeddingDimensions >= 1 && embeddingDimensions <= Embedding.MAX_DIMENSIONS,
        "embedding-dimensions",
        "must be 1 to " + Embedding.MAX_DIMENSIONS + ", is " + embeddingDimensions);
    check(maxBody.bytes() >= 1, "max-body", "must be at least 1B");
    check(maxConnections >= 1, "max-connections", "must be at least 1, is " + maxConnections);
    roundTrips.forEach(
        (source, time) ->
            check(!time.isNegative(), "round-trips." + source, "must not be negative"));
  }

  /** The profile with this configuration's limits. */
  public EngineProfile engineProfile() {
    EngineProfile named = EngineProfiles.named(profile).orElseThrow();
    return new EngineProfile(
        named.name(),
        named.cost(),
        maxNumSeqs.orElse(named.maxNumSeqs()),
        named.maxNumBatchedTokens(),
        named.kvBlocks(),
        named.blockSize(),
        hostBlocks,
        named.hostLoadMillis(),
        maxModelLen.orElse(timing == Timing.INSTANT ? INSTANT_MODEL_LEN : named.maxModelLen()));
  }

  /** The same engine at other distances. */
  public EngineServerConfig withRoundTrips(Map<String, Duration> times) {
    return new EngineServerConfig(
        host,
        port,
        model,
        aliases,
        timing,
        profile,
        speed,
        maxNumSeqs,
        maxModelLen,
        hostBlocks,
        maxWaiting,
        defaultOutputTokens,
        embeddingDimensions,
        maxBody,
        maxConnections,
        times,
        apiKey);
  }

  private static void check(boolean holds, String key, String otherwise) {
    if (!holds) {
      throw new ConfigException(key, otherwise);
    }
  }
}
