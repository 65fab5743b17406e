package io.weir.routing.pick;

/** Whether a table of weights is to be applied. */
public sealed interface TableVerdict {
  /** It is. */
  record Accepted(WeightTable table) implements TableVerdict {}

  /**
   * It is not; the one in force stays.
   *
   * @param reason a stable word for metrics
   * @param detail what was wrong, for people
   */
  record Refused(Reason reason, String detail) implements TableVerdict {}

  /** Why a table is refused. */
  enum Reason {
    /** It is for another source or pool. */
    MISADDRESSED,
    /** One as new, or newer, is in force: tables may come twice and in any order. */
    NOT_NEWER,
    /** A number in it makes no sense. */
    MALFORMED,
    /** Its weights do not add up to one. */
    SUM,
    /** It is not certified to be near the best. */
    GAP,
    /** It plans an engine too full, and yet sheds nothing. */
    OVERLOAD,
    /** It takes away engines that are not known to be in trouble. */
    CAPACITY_REMOVED
  }
}
