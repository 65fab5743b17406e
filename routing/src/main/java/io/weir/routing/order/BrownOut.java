package io.weir.routing.order;

import io.weir.schemas.RequestClass;
import java.util.Set;

/**
 * The ladder that lower classes are taken down while priority waits too long: batch first, then
 * flex, then a part of standard. One rung down each time that the oldest priority request has
 * waited half of its budget, at most every eighth of it, and one back each ten seconds in which
 * none has. A class that is taken down keeps its floor.
 */
public final class BrownOut {
  private static final long RECOVERY_NANOS = 10_000_000_000L;

  private static final Set<RequestClass> BATCH = Set.of(RequestClass.BATCH);
  private static final Set<RequestClass> FLEX_AND_BATCH =
      Set.of(RequestClass.FLEX, RequestClass.BATCH);

  /** How far down. */
  public enum Rung {
    NORMAL,
    NO_BATCH,
    NO_FLEX,
    /** Every second standard request is dropped. */
    THIN_STANDARD;

    /** How many rungs down, from 0. */
    public int depth() {
      return switch (this) {
        case NORMAL -> 0;
        case NO_BATCH -> 1;
        case NO_FLEX -> 2;
        case THIN_STANDARD -> 3;
      };
    }

    /** Classes that get no more than the floor. */
    public Set<RequestClass> paused() {
      return switch (this) {
        case NORMAL -> Set.of();
        case NO_BATCH -> BATCH;
        case NO_FLEX, THIN_STANDARD -> FLEX_AND_BATCH;
      };
    }

    private Rung lower() {
      return switch (this) {
        case NORMAL -> NO_BATCH;
        case NO_BATCH -> NO_FLEX;
        case NO_FLEX, THIN_STANDARD -> THIN_STANDARD;
      };
    }

    private Rung higher() {
      return switch (this) {
        case NORMAL, NO_BATCH -> NORMAL;
        case NO_FLEX -> NO_BATCH;
        case THIN_STANDARD -> NO_FLEX;
      };
    }
  }

  private final long budgetNanos;
  private Rung rung = Rung.NORMAL;
  private long movedAt;

  /**
   * @param priorityBudgetNanos time to first token that priority is promised
   */
  public BrownOut(long priorityBudgetNanos) {
    if (priorityBudgetNanos <= 0) {
      throw new IllegalArgumentException("a budget is positive, not " + priorityBudgetNanos);
    }
    budgetNanos = priorityBudgetNanos;
  }

  /**
   * Where the ladder stands now.
   *
   * @param oldestWaitNanos of the priority request that has waited longest; 0 if none waits
   * @param now on the caller's clock, never going back
   */
  public Rung observe(long oldestWaitNanos, long now) {
    boolean late = oldestWaitNanos > budgetNanos / 2;
    if (rung == Rung.NORMAL && late) {
      move(rung.lower(), now);
    } else if (late && rung != Rung.THIN_STANDARD && now - movedAt >= budgetNanos / 8) {
      move(rung.lower(), now);
    } else if (late && rung == Rung.THIN_STANDARD) {
      movedAt = now;
    } else if (!late && rung != Rung.NORMAL && now - movedAt >= RECOVERY_NANOS) {
      move(rung.higher(), now);
    }
    return rung;
  }

  public Rung rung() {
    return rung;
  }

  private void move(Rung to, long now) {
    rung = to;
    movedAt = now;
  }
}
