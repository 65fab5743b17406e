package io.weir.controller.batches;

import io.weir.schemas.BatchResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Answers that lie near each other in their reply partition, and are best read in one go: neither a
 * look-up for each nor a read of all that others wrote in between.
 */
final class AnswerGroups {
  /** Bounds what is in memory at a time. */
  private static final int MOST_ANSWERS = 32;

  /** Reading over this many records of others is quicker than looking anew. */
  private static final long GAP = 2_000;

  private AnswerGroups() {}

  /**
   * Some answers of one partition.
   *
   * @param from offset of the first record to read
   * @param until offset after the last
   */
  record Group(List<BatchResult> results, long from, long until) {}

  /**
   * Groups of answers.
   *
   * @param results all of them with offsets
   */
  static List<Group> of(List<BatchResult> results) {
    List<BatchResult> sorted = new ArrayList<>(results);
    sorted.sort(
        Comparator.<BatchResult>comparingInt(each -> each.getReply().getPartition())
            .thenComparingLong(AnswerGroups::first));
    List<Group> groups = new ArrayList<>();
    List<BatchResult> group = new ArrayList<>();
    long until = 0;
    for (BatchResult next : sorted) {
      boolean joins =
          !group.isEmpty()
              && group.size() < MOST_ANSWERS
              && group.getFirst().getReply().getPartition() == next.getReply().getPartition()
              && first(next) - until < GAP;
      if (!joins) {
        close(group, until, groups);
        group = new ArrayList<>();
        until = 0;
      }
      group.add(next);
      until = Math.max(until, next.getLastOffset().orElseThrow() + 1);
    }
    close(group, until, groups);
    return groups;
  }

  private static void close(List<BatchResult> results, long until, List<Group> groups) {
    if (!results.isEmpty()) {
      groups.add(new Group(results, first(results.getFirst()), until));
    }
  }

  private static long first(BatchResult result) {
    return result.getFirstOffset().orElseThrow();
  }
}
