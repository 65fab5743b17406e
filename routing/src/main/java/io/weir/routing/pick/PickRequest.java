package io.weir.routing.pick;

import io.weir.routing.prefix.PromptBlocks;

/**
 * What a picker needs to know of one request.
 *
 * @param affinity its affinity key: a session, else something of its own such as its id
 * @param prompt hashes of its prompt's prefixes; {@link PromptBlocks#NONE} if they are not known
 * @param promptTokens estimated prompt; not negative
 * @param outputTokens expected answer; not negative
 */
public record PickRequest(
    String affinity, PromptBlocks prompt, int promptTokens, int outputTokens) {
  public PickRequest {
    if (promptTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException(
          "tokens must not be negative, are " + promptTokens + " and " + outputTokens);
    }
  }

  /** A request of which only the affinity key is known. */
  public static PickRequest of(String affinity) {
    return new PickRequest(affinity, PromptBlocks.NONE, 0, 0);
  }
}
