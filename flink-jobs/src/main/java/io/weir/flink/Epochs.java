package io.weir.flink;

import java.io.Serializable;

/**
 * Where the epoch of a start or recovery comes from. Tables are ordered by epoch first, so it must
 * be above that of every table ever published.
 */
@FunctionalInterface
public interface Epochs extends Serializable {
  /**
   * An epoch above all before: the clock in ms, or one more than the highest seen if that is more.
   *
   * @throws Exception if that cannot be known now; the job is then restarted and asks again
   */
  long next() throws Exception;
}
