package io.weir.launcher.bench;

import java.util.List;

/**
 * One request of a workload.
 *
 * @param offsetNanos when it should be sent, since the start
 * @param promptTokens length of its prompt, at least 1
 * @param outputTokens length of the answer it asks for, at least 1
 * @param prefixBlocks what its prompt begins with: ids of blocks of {@link PromptText#BLOCK_TOKENS}
 *     tokens, equal ids being equal text
 */
public record Shot(
    long offsetNanos, int promptTokens, int outputTokens, List<Integer> prefixBlocks) {
  public Shot {
    promptTokens = Math.max(1, promptTokens);
    outputTokens = Math.max(1, outputTokens);
    prefixBlocks = List.copyOf(prefixBlocks);
  }
}
