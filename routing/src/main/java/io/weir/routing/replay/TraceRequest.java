package io.weir.routing.replay;

/**
 * One request of a trace.
 *
 * @param arrivalNanos when it arrives, from the trace's start
 * @param promptTokens at least 1
 * @param outputTokens at least 1; policies do not know it
 * @param blockHashes one per full block of the prompt, equal for equal prefixes; may be empty.
 *     Treated as immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // read in place by every run
public record TraceRequest(
    long arrivalNanos, int promptTokens, int outputTokens, long[] blockHashes) {
  public TraceRequest {
    if (arrivalNanos < 0 || promptTokens < 1 || outputTokens < 1) {
      throw new IllegalArgumentException(
          "a traced request arrives at 0 or later with at least one token of prompt and of answer, not "
              + arrivalNanos
              + " ns, "
              + promptTokens
              + " and "
              + outputTokens);
    }
  }

  /** A well-mixed hash of the number by which a trace knows a block (SplitMix64's finaliser). */
  public static long blockHash(long id) {
    long z = id + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** The same request at another time. */
  public TraceRequest at(long nanos) {
    return new TraceRequest(nanos, promptTokens, outputTokens, blockHashes);
  }
}
