package io.weir.routing.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Catalogue of measured set-ups.
 *
 * <p>Iteration times are fits to the kernel profiles that Vidur publishes (microsoft/vidur, {@code
 * data/profiling/compute/…/mlp.csv}; Agrawal et al., MLSys 2024), with delta = KV bytes per token ÷
 * (0.85 × memory bandwidth × GPUs) and an overhead for scheduling and all-reduce. Attention of
 * prefill was not fitted: delta2 is 0.
 *
 * <p>KV capacity is (0.9 × memory × GPUs − weights) ÷ (2 × layers × KV heads × head dimension × 2
 * bytes): 131,072 bytes a token for 8B models, 327,680 for 70B with grouped-query attention. Host
 * memory is reached over PCIe at 25 GB/s a GPU.
 */
public final class EngineProfiles {
  private static final int SEQS = 256;
  private static final int BATCHED_TOKENS = 2048;
  private static final int BLOCK = 16;
  private static final int MODEL_LEN = 131_072;
  private static final double HOST_BYTES_PER_MILLI = 25e6;
  private static final int BYTES_8B = 131_072;
  private static final int BYTES_70B = 327_680;

  private static final Map<String, EngineProfile> CATALOGUE = new LinkedHashMap<>();

  static {
    add(
        profile(
            "a100-llama-3-8b",
            new IterationCost(9.8, .029, 7.8, .0667, 7.6e-5, 0, 2),
            400_000,
            BYTES_8B,
            1));
    add(
        profile(
            "a100-tp2-llama-3-8b",
            new IterationCost(5.6, .018, 0.2, .0360, 3.8e-5, 0, 2.5),
            950_000,
            BYTES_8B,
            2));
    // Profiled with Llama-2-7B; the 8B model's layers take 4 % longer.
    add(
        profile(
            "h100-llama-3-8b",
            new IterationCost(5.6, .0105, 1.7, .0208, 4.6e-5, 0, 2).scaled(1.04),
            400_000,
            BYTES_8B,
            1));
    add(
        profile(
            "a100-tp8-llama-3-70b",
            new IterationCost(14.1, .0445, 7.1, .0880, 2.4e-5, 0, 5),
            1_300_000,
            BYTES_70B,
            8));
    add(
        profile(
            "a100-tp4-llama-2-70b",
            new IterationCost(24.6, .068, 25.7, .1555, 4.7e-5, 0, 5),
            450_000,
            BYTES_70B,
            4));
    add(
        profile(
            "h100-tp8-llama-2-70b",
            new IterationCost(8.5, .0157, 6.8, .0296, 1.45e-5, 0, 5),
            1_300_000,
            BYTES_70B,
            8));
    add(
        profile(
            "h100-tp4-llama-2-70b",
            new IterationCost(14.8, .0132, 4.4, .0555, 2.9e-5, 0, 5),
            450_000,
            BYTES_70B,
            4));
  }

  private EngineProfiles() {}

  /** The profile of this name, if the catalogue has it. */
  public static Optional<EngineProfile> named(String name) {
    return Optional.ofNullable(CATALOGUE.get(name));
  }

  /** Every name in the catalogue. */
  public static Set<String> names() {
    return Set.copyOf(CATALOGUE.keySet());
  }

  /** Every profile, in the catalogue's order. */
  public static Collection<EngineProfile> all() {
    return List.copyOf(CATALOGUE.values());
  }

  private static EngineProfile profile(
      String name, IterationCost cost, int kvTokens, int bytesPerToken, int gpus) {
    return new EngineProfile(
        name,
        cost,
        SEQS,
        BATCHED_TOKENS,
        kvTokens / BLOCK,
        BLOCK,
        0,
        bytesPerToken / (HOST_BYTES_PER_MILLI * gpus),
        MODEL_LEN);
  }

  private static void add(EngineProfile profile) {
    CATALOGUE.put(profile.name(), profile);
  }
}
