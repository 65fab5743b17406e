package io.weir.routing.retry;

/**
 * Whether an engine is left alone because of what became of requests there.
 *
 * <pre>
 *          failures in a row, or too slow
 *   In ─────────────────────────────────────► Ejected
 *   ▲                                          │  ▲
 *   │                          its time is over│  │it failed, or nothing came of it
 *   │                                          ▼  │
 *   └───────────────────────────────────────  Probing   (one request)
 *                  it succeeded
 * </pre>
 *
 * <p>All times are of one monotonic clock, in nanoseconds.
 */
public sealed interface OutlierState {
  /** An engine nobody has used. */
  static OutlierState fresh() {
    return new In(0, 0, Long.MIN_VALUE);
  }

  /** True if a request may go there. */
  boolean admits(long now);

  /** True unless it is in use as others are. */
  default boolean ejected() {
    return !(this instanceof In);
  }

  /** A request is sent there. */
  default OutlierState sent(long now) {
    return this;
  }

  /** A request succeeded there, or was wrong by itself. */
  OutlierState succeeded(long now);

  /**
   * A request failed there.
   *
   * @param room whether one more engine of the pool may be left alone
   */
  OutlierState failed(OutlierPolicy policy, Room room, long now);

  /** It was seen to be far slower than its pool. */
  default OutlierState slow(OutlierPolicy policy, Room room, long now) {
    return this;
  }

  /** A request ended in a way that says nothing about the engine. */
  default OutlierState inconclusive(long now) {
    return this;
  }

  /** Whether one more engine of the pool may be left alone. */
  enum Room {
    YES,
    NO
  }

  /**
   * It is used.
   *
   * @param streak failures since the last success
   * @param before how often it was left alone, less one for each {@link OutlierPolicy#cap} since
   * @param since it came back; without meaning if it was never left alone
   */
  record In(int streak, int before, long since) implements OutlierState {
    @Override
    public boolean admits(long now) {
      return true;
    }

    @Override
    public OutlierState succeeded(long now) {
      return streak == 0 ? this : new In(0, before, since);
    }

    @Override
    public OutlierState failed(OutlierPolicy policy, Room room, long now) {
      int failures = streak + 1;
      return policy.failures() > 0 && failures >= policy.failures()
          ? eject(policy, room, failures, now)
          : new In(failures, before, since);
    }

    @Override
    public OutlierState slow(OutlierPolicy policy, Room room, long now) {
      return eject(policy, room, streak, now);
    }

    private OutlierState eject(OutlierPolicy policy, Room room, int failures, long now) {
      if (room == Room.NO) {
        return new In(failures, before, since);
      }
      long good = before == 0 ? 0 : (now - since) / policy.cap().toNanos();
      int remembered = (int) Math.max(0, before - good);
      return new Ejected(now + policy.ejection(remembered).toNanos(), remembered + 1);
    }
  }

  /**
   * It gets nothing until a time, and then one request.
   *
   * @param times it was left alone, this one included
   */
  record Ejected(long until, int times) implements OutlierState {
    @Override
    public boolean admits(long now) {
      return now - until >= 0;
    }

    @Override
    public OutlierState sent(long now) {
      return admits(now) ? new Probing(times) : this;
    }

    @Override
    public OutlierState succeeded(long now) {
      return this;
    }

    @Override
    public OutlierState failed(OutlierPolicy policy, Room room, long now) {
      return this;
    }
  }

  /** One request is there, on which everything depends. */
  record Probing(int times) implements OutlierState {
    @Override
    public boolean admits(long now) {
      return false;
    }

    @Override
    public OutlierState succeeded(long now) {
      return new In(0, times, now);
    }

    @Override
    public OutlierState failed(OutlierPolicy policy, Room room, long now) {
      return new Ejected(now + policy.ejection(times).toNanos(), times + 1);
    }

    @Override
    public OutlierState inconclusive(long now) {
      return new Ejected(now, times);
    }
  }
}
