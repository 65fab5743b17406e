package io.weir.routing.queue;

import io.weir.schemas.RequestClass;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which classes of one pool may be fed with requests, by how many wait and how much memory they
 * hold. It takes whatever comes, so what waits overshoots the limits by no more than was already on
 * its way. Not safe for use by several threads.
 */
public final class ReadyRoom {
  /** Of flex and batch while interactive requests wait: a part of what may wait, and at least. */
  private static final int HELD_BACK_PART = 8;

  private static final int HELD_BACK_LEAST = 4;

  private final Map<RequestClass, Level> levels = new EnumMap<>(RequestClass.class);
  private final DrainRate drain = new DrainRate();
  private QueueLimits limits;

  /** What waits in one class, and whether it is open for more. */
  private static final class Level {
    int count;
    long bytes;
    boolean open = true;

    /** Closes at a limit and opens again at half of it. */
    boolean isOpen(int countLimit, long byteLimit) {
      if (count >= countLimit || bytes >= byteLimit) {
        open = false;
      } else if (count <= countLimit / 2 && bytes <= byteLimit / 2) {
        open = true;
      }
      return open;
    }
  }

  public ReadyRoom(QueueLimits limits) {
    this.limits = limits;
    for (RequestClass each : RequestClass.values()) {
      levels.put(each, new Level());
    }
  }

  /** Sets other limits; what waits beyond them stays. */
  public void limits(QueueLimits others) {
    limits = others;
  }

  /** A request waits. */
  public void added(RequestClass requestClass, long bytes) {
    Level level = levels.get(requestClass);
    level.count++;
    level.bytes += bytes;
  }

  /** A request waits no more. */
  public void removed(RequestClass requestClass, long bytes) {
    Level level = levels.get(requestClass);
    level.count--;
    level.bytes -= bytes;
  }

  /** A request was sent to an engine. */
  public void sent(long nanos) {
    drain.count(nanos);
  }

  /** Memory that all waiting requests hold, in bytes. */
  public long bytes() {
    long bytes = 0;
    for (Level level : levels.values()) {
      bytes += level.bytes;
    }
    return bytes;
  }

  /**
   * The classes that may be fed now. A class closes at its limit and opens again at half of it, so
   * that lanes are not paused and resumed with every request. While a request of a higher class
   * waits flex and batch get no more than they need to have something to serve when it is their
   * turn: a fetch of theirs would hold up the interactive lanes' next one.
   */
  public Set<RequestClass> open(long nanos) {
    int limit = limits.count(drain.perSecond(nanos));
    EnumSet<RequestClass> open = EnumSet.noneOf(RequestClass.class);
    levels.forEach(
        (requestClass, level) -> {
          if (level.isOpen(limit, limits.bytes())) {
            open.add(requestClass);
          }
        });
    int interactive =
        levels.get(RequestClass.PRIORITY).count + levels.get(RequestClass.STANDARD).count;
    if (interactive > 0) {
      int least = Math.max(HELD_BACK_LEAST, limit / HELD_BACK_PART);
      open.removeIf(each -> isBulk(each) && levels.get(each).count >= least);
    }
    return open;
  }

  private static boolean isBulk(RequestClass requestClass) {
    return requestClass == RequestClass.FLEX || requestClass == RequestClass.BATCH;
  }
}
