package io.weir.routing.replay;

import java.util.PriorityQueue;

/** A clock that jumps from one event to the next. Events of one instant come in the order set. */
final class VirtualTime {
  /** Something that happens. */
  interface Event {
    void happen(long now);
  }

  /** 2025-01-01, for what has to have a date. */
  private static final long EPOCH_MILLIS = 1_735_689_600_000L;

  /** A time as milliseconds since the epoch. */
  static long millis(long nanos) {
    return EPOCH_MILLIS + Math.floorDiv(nanos, 1_000_000L);
  }

  private record Entry(long time, long order, Event event) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long order;
  private long now;

  /** Nanoseconds from the start. */
  long now() {
    return now;
  }

  /** Lets an event happen at a time that has not passed. */
  void at(long time, Event event) {
    if (time < now) {
      throw new IllegalArgumentException("time " + time + " has passed, it is " + now);
    }
    entries.add(new Entry(time, order++, event));
  }

  /** Lets the next event happen; says false if there is none. */
  boolean step() {
    Entry next = entries.poll();
    if (next == null) {
      return false;
    }
    now = next.time;
    next.event.happen(now);
    return true;
  }
}
