package io.weir.routing.queue;

import java.util.OptionalLong;

/**
 * Which offset of one partition may be committed: the end of the longest run of taken records, from
 * the first on, that are all settled, which is to say claimed durably or skipped for good. Offsets
 * may have gaps, as compaction and transactions leave them. Not safe for use by several threads.
 */
public final class CommitPosition {
  private long[] offsets = new long[64];
  private boolean[] settled = new boolean[64];
  private int head;
  private int count;
  private long position = -1;

  /**
   * A position of the same partition that has taken nothing since: what stands behind this one's is
   * to be read again.
   */
  public CommitPosition rewound() {
    CommitPosition other = new CommitPosition();
    other.position = position;
    return other;
  }

  /** The lowest offset that is taken and not settled. */
  public OptionalLong oldest() {
    return count == 0 ? OptionalLong.empty() : OptionalLong.of(offsets[head]);
  }

  /**
   * A record was read.
   *
   * @param offset higher than that of any record before
   * @throws IllegalArgumentException if it is not
   */
  public void taken(long offset) {
    if (count > 0 ? offset <= offsets[index(count - 1)] : offset < position) {
      throw new IllegalArgumentException("offset " + offset + " was taken before");
    }
    if (count == offsets.length) {
      grow();
    }
    offsets[index(count)] = offset;
    settled[index(count)] = false;
    count++;
  }

  /** A taken record needs no reading again. Settling twice changes nothing. */
  public void settled(long offset) {
    int found = find(offset);
    if (found < 0) {
      return;
    }
    settled[index(found)] = true;
    while (count > 0 && settled[head]) {
      position = offsets[head] + 1;
      head = (head + 1) & (offsets.length - 1);
      count--;
    }
  }

  /** The offset to commit, that of the next record to read; empty if nothing is settled yet. */
  public OptionalLong position() {
    return position < 0 ? OptionalLong.empty() : OptionalLong.of(position);
  }

  /** How many records are taken and stand behind the position. */
  public int pending() {
    return count;
  }

  private int index(int nth) {
    return (head + nth) & (offsets.length - 1);
  }

  private int find(long offset) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long value = offsets[index(middle)];
      if (value == offset) {
        return middle;
      }
      if (value < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private void grow() {
    long[] largerOffsets = new long[offsets.length * 2];
    boolean[] largerSettled = new boolean[offsets.length * 2];
    int tail = offsets.length - head;
    System.arraycopy(offsets, head, largerOffsets, 0, tail);
    System.arraycopy(offsets, 0, largerOffsets, tail, head);
    System.arraycopy(settled, head, largerSettled, 0, tail);
    System.arraycopy(settled, 0, largerSettled, tail, head);
    offsets = largerOffsets;
    settled = largerSettled;
    head = 0;
  }
}
