package io.weir.controller.requests;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** How far this instance has read the partitions of the lifecycle that are its own. */
final class Positions {
  private final Map<Integer, Position> partitions = new ConcurrentHashMap<>();

  /** Of one partition; written by the thread that owns it. */
  static final class Position {
    private volatile long next = -1;
    private volatile int claims;

    boolean isKnown() {
      return next >= 0;
    }

    void passedTo(long offset) {
      next = offset;
    }

    void holds(int openClaims) {
      claims = openClaims;
    }
  }

  /** Takes a partition over. Nothing is known yet of how far it was read before. */
  Position own(int partition) {
    Position position = new Position();
    partitions.put(partition, position);
    return position;
  }

  /** Gives a partition up, unless another thread has taken it since. */
  void disown(int partition, Position position) {
    partitions.remove(partition, position);
  }

  /** True if the partition is this instance's own. */
  boolean owns(int partition) {
    return partitions.containsKey(partition);
  }

  /** The offset after the last one that was read; empty if unknown or not its own. */
  OptionalLong next(int partition) {
    Position position = partitions.get(partition);
    return position == null || !position.isKnown()
        ? OptionalLong.empty()
        : OptionalLong.of(position.next);
  }

  /** How many partitions are its own. */
  int owned() {
    return partitions.size();
  }

  /** How many open claims there are in them. */
  int claims() {
    return partitions.values().stream().mapToInt(each -> each.claims).sum();
  }
}
