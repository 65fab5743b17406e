package io.weir.flink;

import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.TokenUsage;
import java.util.Optional;

/**
 * What happened in one slot of event time: requests offered, of which some with estimates of their
 * tokens, and requests finished with the tokens they used. Sums, so that the order within the slot
 * does not matter. Kept as an array, which Flink's own types can hold.
 */
record SlotCount(
    long offered,
    long estimated,
    long estimatedPrompt,
    long estimatedOutput,
    long finished,
    long prompt,
    long cached,
    long output) {
  static final SlotCount NONE = new SlotCount(0, 0, 0, 0, 0, 0, 0, 0);

  static SlotCount of(long[] sums) {
    return new SlotCount(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]);
  }

  long[] sums() {
    return new long[] {
      offered, estimated, estimatedPrompt, estimatedOutput, finished, prompt, cached, output
    };
  }

  /**
   * With one more offered request, whose tokens are known if it was accepted, and others like it
   * that no event of their own tells of.
   */
  SlotCount offered(Optional<AcceptedRequest> request, long others) {
    return new SlotCount(
        offered + 1 + others,
        estimated + (request.isPresent() ? 1 : 0),
        estimatedPrompt + request.map(AcceptedRequest::getPromptTokens).orElse(0),
        estimatedOutput + request.map(AcceptedRequest::getOutputTokens).orElse(0),
        finished,
        prompt,
        cached,
        output);
  }

  /** With one more finished request. */
  SlotCount finished(TokenUsage usage) {
    return new SlotCount(
        offered,
        estimated,
        estimatedPrompt,
        estimatedOutput,
        finished + 1,
        prompt + usage.getPromptTokens(),
        cached + usage.getCachedPromptTokens().orElse(0),
        output + usage.getCompletionTokens());
  }
}
