package io.weir.routing.replay;

import io.weir.routing.prefix.PromptBlocks;

/**
 * Prompts as a dispatcher sees them: in blocks of bytes, smaller than those of a trace. A token is
 * taken for four bytes.
 */
final class PromptHashes {
  private static final int BYTES_PER_TOKEN = 4;

  private final int parts;

  /**
   * @param traceBlockTokens tokens in each block of the trace; 0 if it has none
   */
  PromptHashes(int traceBlockTokens) {
    this.parts = Math.max(1, traceBlockTokens * BYTES_PER_TOKEN / PromptBlocks.BLOCK_BYTES);
  }

  PromptBlocks of(TraceRequest request) {
    long[] blocks = request.blockHashes();
    if (blocks.length == 0) {
      return PromptBlocks.NONE;
    }
    long[] hashes = new long[Math.min(blocks.length * parts, PromptBlocks.MAX_BLOCKS)];
    for (int i = 0; i < hashes.length; i++) {
      // Each stands for the whole prefix, as the trace's do.
      hashes[i] = TraceRequest.blockHash(blocks[i / parts] + i % parts);
    }
    return PromptBlocks.ofHashes(
        hashes, PromptBlocks.BLOCK_BYTES, (long) request.promptTokens() * BYTES_PER_TOKEN);
  }
}
