package io.weir.routing.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Catalogue of engine profiles.
 *
 * <p>Two kinds. Those of modern engines have iteration times fitted to the kernel profiles that
 * Vidur publishes (microsoft/vidur, {@code data/profiling/compute/…/mlp.csv}; Agrawal et al., MLSys
 * 2024), with delta = KV bytes per token ÷ (0.85 × memory bandwidth × GPUs) and an overhead for
 * scheduling and all-reduce. Attention of prefill was not fitted: delta2 is 0. They are what the
 * kernels allow; a whole engine is slower, by up to a half where it was measured.
 *
 * <p>Those whose name ends in {@code -measured} are fitted to whole engines: the 70B ones to
 * Splitwise's table (Mutinifni/splitwise-sim, {@code data/perf_model.csv}; Patel et al., ISCA 2024;
 * vLLM of 2023), the 8B one to SageServe's (shashwatj07/SageServe; POMACS 2025). Time per output
 * token is within 4 % of the measured medians in the mean and within 15 % in each, time to the
 * first token of prompts of 512 to 4,096 tokens within 30 %.
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
    add(
        profile(
            "h100-tp8-llama-2-70b-measured",
            measured(30.1, .0392, 3.95e-4, 1.47e-5),
            1_300_000,
            BYTES_70B,
            8));
    add(
        profile(
            "h100-tp4-llama-2-70b-measured",
            measured(29.0, .0742, 3.00e-4, 9.4e-6),
            450_000,
            BYTES_70B,
            4));
    add(
        profile(
            "a100-tp8-llama-2-70b-measured",
            measured(44.2, .0921, 5.15e-4, 2.24e-5),
            1_300_000,
            BYTES_70B,
            8));
    add(
        profile(
            "a100-tp4-llama-2-70b-measured",
            measured(43.9, .1547, 2.45e-4, 2.89e-5),
            450_000,
            BYTES_70B,
            4));
    add(
        profile(
            "a100-tp2-llama-3-8b-measured",
            measured(8.2, .0417, 3.53e-4, 6.6e-6),
            950_000,
            BYTES_8B,
            2));
  }

  private EngineProfiles() {}

  /**
   * A whole engine: what is measured does not tell memory from arithmetic, nor either from
   * overhead.
   */
  private static IterationCost measured(
      double perIteration, double perToken, double delta, double delta2) {
    return new IterationCost(perIteration, perToken, perIteration, perToken, delta, delta2, 0);
  }

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
