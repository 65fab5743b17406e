package io.weir.routing.retry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one table of what is tried again, by the stable word of a failure. It holds before the first
 * byte of the answer; after it the pool's {@code on-interruption} decides, for the same words.
 */
public enum Retryability {
  /** No connection could be made: nothing has happened there. */
  ENGINE_UNREACHABLE(Again.YES, Blame.ENGINE),
  /** 429 or 503: another may have room. Being full is no fault. */
  ENGINE_OVERLOADED(Again.YES, Blame.NOBODY),
  /** Another 5xx. */
  ENGINE_ERROR(Again.YES, Blame.ENGINE),
  /** Something that is no answer: another engine may give one. */
  ENGINE_BAD_ANSWER(Again.YES, Blame.ENGINE),
  /** It took longer than engines may. */
  ENGINE_TIMEOUT(Again.YES, Blame.ENGINE),
  /** The connection broke. */
  ENGINE_DIED(Again.YES, Blame.ENGINE),
  /** 4xx: the request is wrong, and would be elsewhere. */
  ENGINE_REJECTED(Again.NO, Blame.NOBODY),
  /** Nobody waits for the answer any more. */
  DEADLINE_EXCEEDED(Again.NO, Blame.NOBODY),
  CANCELLED(Again.NO, Blame.NOBODY),
  /** A request whose answer was broken off elsewhere: who did that has decided what follows. */
  INTERRUPTED(Again.NO, Blame.NOBODY),
  /** The dispatcher goes: it has no time left to try again. */
  DISPATCHER_STOPPED(Again.NO, Blame.NOBODY),
  /** A fault of Weir, which would come again. */
  DISPATCHER_ERROR(Again.NO, Blame.NOBODY);

  private static final Map<String, Retryability> BY_REASON =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Retryability::reason, Function.identity()));

  private enum Again {
    YES,
    NO
  }

  private enum Blame {
    ENGINE,
    NOBODY
  }

  private final Again again;
  private final Blame blame;

  Retryability(Again again, Blame blame) {
    this.again = again;
    this.blame = blame;
  }

  /** The failure's word, such as {@code engine_died}. */
  public String reason() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** True if a request that failed for this reason may be tried again; false for unknown words. */
  public static boolean retryable(String reason) {
    Retryability known = BY_REASON.get(reason);
    return known != null && known.again == Again.YES;
  }

  /** True if the failure tells against the engine; false for unknown words. */
  public static boolean blamesEngine(String reason) {
    Retryability known = BY_REASON.get(reason);
    return known != null && known.blame == Blame.ENGINE;
  }
}
