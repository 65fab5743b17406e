package io.weir.sim;

import io.weir.routing.engine.PromptDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the simulator needs to know of a request body.
 *
 * @param model the model asked for
 * @param prompts texts, of which chats and completions have one
 * @param continued tokens of the answer that it begins with, which the engine goes on from
 * @param maxTokens limit of what the engine adds
 * @param stream whether as server-sent events
 * @param includeUsage whether the stream ends with its usage
 * @param tool function that the answer must call
 * @param base64 whether embeddings come as base64
 * @param dimensions length of embeddings
 */
record Ask(
    String model,
    List<PromptDigest> prompts,
    int continued,
    OptionalInt maxTokens,
    boolean stream,
    boolean includeUsage,
    Optional<String> tool,
    boolean base64,
    OptionalInt dimensions) {

  PromptDigest prompt() {
    return prompts.getFirst();
  }

  /** Tokens the engine reads before it writes any. */
  int promptTokens() {
    return prompt().tokens() + continued;
  }
}
