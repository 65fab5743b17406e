package io.weir.routing.batch;

import java.util.BitSet;

/**
 * Which lines of a batch have ended. A line ends once, however often it is told. Not safe for use
 * by several threads.
 */
public final class BatchProgress {
  private final BitSet ended = new BitSet();
  private int completed;
  private int failed;

  /**
   * A line ended.
   *
   * @param line its number in the file
   * @return false if that was known
   */
  public boolean ended(int line, LineEnd how) {
    if (ended.get(line)) {
      return false;
    }
    ended.set(line);
    switch (how) {
      case COMPLETED -> completed++;
      case FAILED -> failed++;
    }
    return true;
  }

  /** How a line ended. */
  public enum LineEnd {
    COMPLETED,
    FAILED
  }

  public boolean hasEnded(int line) {
    return ended.get(line);
  }

  public int completed() {
    return completed;
  }

  public int failed() {
    return failed;
  }

  /** How many of the lines that were handed out have not ended. */
  public int outstanding(int handedOut) {
    return Math.max(0, handedOut - completed - failed);
  }

  /**
   * How many lines may be handed out now.
   *
   * @param handedOut so far
   * @param window most that may be outstanding
   */
  public int room(int handedOut, int window) {
    return Math.max(0, window - outstanding(handedOut));
  }
}
