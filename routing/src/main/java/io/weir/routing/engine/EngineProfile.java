package io.weir.routing.engine;

/**
 * What one engine can do: its iteration times and its limits.
 *
 * @param name GPU, parallelism and model, such as {@code h100-llama-3-8b}
 * @param cost iteration times
 * @param maxNumSeqs most sequences in one batch (vLLM's {@code max_num_seqs})
 * @param maxNumBatchedTokens most tokens computed in one iteration (vLLM's {@code
 *     max_num_batched_tokens}); longer prompts are prefilled in chunks
 * @param kvBlocks blocks of KV cache on the device
 * @param blockSize tokens in a block
 * @param hostBlocks blocks of KV cache in host memory behind the device's; 0 for none
 * @param hostLoadMillis ms to bring one token's KV cache from the host to the device
 * @param maxModelLen most tokens of prompt and answer together
 */
public record EngineProfile(
    String name,
    IterationCost cost,
    int maxNumSeqs,
    int maxNumBatchedTokens,
    int kvBlocks,
    int blockSize,
    int hostBlocks,
    double hostLoadMillis,
    int maxModelLen) {
  public EngineProfile {
    require(!name.isBlank(), "a profile needs a name");
    require(maxNumSeqs >= 1, "maxNumSeqs must be at least 1, is " + maxNumSeqs);
    require(
        maxNumBatchedTokens >= 1, "maxNumBatchedTokens must be at least 1: " + maxNumBatchedTokens);
    require(kvBlocks >= 1, "kvBlocks must be at least 1, is " + kvBlocks);
    require(blockSize >= 1, "blockSize must be at least 1, is " + blockSize);
    require(hostBlocks >= 0, "hostBlocks must not be negative, is " + hostBlocks);
    require(hostLoadMillis >= 0, "hostLoadMillis must not be negative, is " + hostLoadMillis);
    require(maxModelLen >= 2, "maxModelLen must be at least 2, is " + maxModelLen);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Tokens of KV cache on the device. */
  public long kvTokens() {
    return (long) kvBlocks * blockSize;
  }

  /** Blocks that hold this many tokens. */
  public int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /** The same engine with other batch limits. */
  public EngineProfile withBatch(int seqs, int batchedTokens) {
    return new EngineProfile(
        name,
        cost,
        seqs,
        batchedTokens,
        kvBlocks,
        blockSize,
        hostBlocks,
        hostLoadMillis,
        maxModelLen);
  }

  /** The same engine with another KV cache. */
  public EngineProfile withCache(int blocks, int tokensPerBlock, int blocksOnHost) {
    return new EngineProfile(
        name,
        cost,
        maxNumSeqs,
        maxNumBatchedTokens,
        blocks,
        tokensPerBlock,
        blocksOnHost,
        hostLoadMillis,
        maxModelLen);
  }
}
