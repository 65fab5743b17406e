package io.weir.routing.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Made-up conversations, for want of a recorded trace. Turns arrive as a Poisson process; each
 * belongs to one of the conversations that are going on, whose prompt is the system prompt they all
 * share, everything said before, and a new question. Lengths are exponential, so the long ones are
 * rare.
 */
public final class SyntheticTrace {
  /** Tokens in a block. */
  public static final int BLOCK = 512;

  private static final int OPEN = 200;
  private static final int MEAN_QUESTION = 900;
  private static final int MEAN_ANSWER = 250;
  private static final int LONGEST = 32_000;
  private static final double LAST_TURN = 0.2;

  private static final class Conversation {
    final int number;
    int tokens;

    Conversation(int number) {
      this.number = number;
    }
  }

  private SyntheticTrace() {}

  /**
   * Conversations.
   *
   * @param requests how many turns
   * @param perSecond mean rate
   * @param seed of everything
   */
  public static Trace conversations(int requests, double perSecond, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Conversation> open = new ArrayList<>();
    List<TraceRequest> turns = new ArrayList<>();
    int begun = 0;
    double seconds = 0;
    for (int i = 0; i < requests; i++) {
      seconds += exponential(random, 1 / perSecond);
      int place = random.nextInt(OPEN);
      while (open.size() <= place) {
        open.add(new Conversation(begun++));
      }
      Conversation conversation = open.get(place);
      int question = (int) Math.round(exponential(random, MEAN_QUESTION));
      int answer = (int) Math.max(1, Math.min(2000, exponential(random, MEAN_ANSWER)));
      conversation.tokens += 1 + question;
      turns.add(
          new TraceRequest(
              Math.round(seconds * 1e9), conversation.tokens, answer, blocks(conversation)));
      conversation.tokens += answer;
      if (conversation.tokens > LONGEST || random.nextDouble() < LAST_TURN) {
        open.set(place, new Conversation(begun++));
      }
    }
    return new Trace(turns, BLOCK);
  }

  /** The first block is the system prompt. */
  private static long[] blocks(Conversation conversation) {
    long[] hashes = new long[conversation.tokens / BLOCK];
    for (int i = 0; i < hashes.length; i++) {
      long id = i == 0 ? 0 : ((long) (conversation.number + 1) << 20) | i;
      hashes[i] = TraceRequest.blockHash(id);
    }
    return hashes;
  }

  private static double exponential(SplittableRandom random, double mean) {
    return -Math.log(1 - random.nextDouble()) * mean;
  }
}
