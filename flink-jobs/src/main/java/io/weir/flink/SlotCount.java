package io.weir.flink;

import io.weir.schemas.AcceptedRequest;
import io.weir.schemas.TokenUsage;
import java.util.Optional;

/**
 * What happened in one slot of event time: requests offered with their estimated tokens, and
 * requests finished with the tokens they used. Sums, so that the order within the slot does not
 * matter. Kept as an array, which Flink's own types can hold.
 */
record SlotCount(
    long offered,
    long offeredPrompt,
    long offeredOutput,
    long finished,
    long prompt,
    long cached,
    long output) {
  static final SlotCount NONE = new SlotCount(0, 0, 0, 0, 0, 0, 0);

  static SlotCount of(long[] sums) {
    return new SlotCount(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
  }

  long[] sums() {
    return new long[] {offered, offeredPrompt, offeredOutput, finished, prompt, cached, output};
  }

  /** With one more offered request; without estimates it counts as the mean of the others. */
  SlotCount offered(Optional<AcceptedRequest> request) {
    long meanPrompt = offered == 0 ? 0 : offeredPrompt / offered;
    long meanOutput = offered == 0 ? 0 : offeredOutput / offered;
    return new SlotCount(
        offered + 1,
        offeredPrompt
            + request.map(AcceptedRequest::getPromptTokens).map(Long::valueOf).orElse(meanPrompt),
        offeredOutput
            + request.map(AcceptedRequest::getOutputTokens).map(Long::valueOf).orElse(meanOutput),
        finished,
        prompt,
        cached,
        output);
  }

  /** With one more finished request. */
  SlotCount finished(TokenUsage usage) {
    return new SlotCount(
        offered,
        offeredPrompt,
        offeredOutput,
        finished + 1,
        prompt + usage.getPromptTokens(),
        cached + usage.getCachedPromptTokens().orElse(0),
        output + usage.getCompletionTokens());
  }
}
