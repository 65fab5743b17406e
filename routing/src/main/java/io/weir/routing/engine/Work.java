package io.weir.routing.engine;

/**
 * What one request asks of an engine.
 *
 * @param promptTokens tokens to prefill; at least 1
 * @param outputTokens tokens to generate; at least 1
 * @param blockHashes one hash per full block of the token sequence, each depending on all blocks
 *     before it, so that equal hashes mean equal prefixes. It may reach into the answer (for
 *     replays that know the next turn's prompt) and may be empty (nothing is shared). Treated as
 *     immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // read in place: a copy per request would be garbage
public record Work(int promptTokens, int outputTokens, long[] blockHashes) {
  private static final long[] NONE = {};

  public Work {
    if (promptTokens < 1 || outputTokens < 1) {
      throw new IllegalArgumentException(
          "a request has at least one token of prompt and of answer, not "
              + promptTokens
              + " and "
              + outputTokens);
    }
  }

  /** Work that shares no prefix with any other. */
  public static Work unshared(int promptTokens, int outputTokens) {
    return new Work(promptTokens, outputTokens, NONE);
  }
}
