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
 * @param maxTokens limit of the answer
 * @param stream whether as server-sent events
 * @param includeUsage whether the stream ends with its usage
 * @param tool function that the answer must call
 * @param base64 whether embeddings come as base64
 * @param dimensions length of embeddings
 */
record Ask(
    String model,
    List<PromptDigest> prompts,
    OptionalInt maxTokens,
    boolean stream,
    boolean includeUsage,
    Optional<String> tool,
    boolean base64,
    OptionalInt dimensions) {

  PromptDigest prompt() {
    return prompts.getFirst();
  }
}
