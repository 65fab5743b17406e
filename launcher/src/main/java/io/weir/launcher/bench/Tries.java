package io.weir.launcher.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** At which try requests were answered. */
final class Tries {
  /** Tries beyond which they are counted together. */
  private static final int COUNTED = 16;

  /**
   * One try.
   *
   * @param made how many requests were sent for this time
   * @param answered how many of them were answered
   */
  record Try(long made, long answered) {
    double rate() {
      return made == 0 ? 0 : (double) answered / made;
    }
  }

  private final AtomicLongArray made = new AtomicLongArray(COUNTED);
  private final AtomicLongArray answered = new AtomicLongArray(COUNTED);

  /**
   * A request was sent.
   *
   * @param number of the try, from 1
   */
  void tried(int number, Outcome outcome) {
    int index = Math.min(number, COUNTED) - 1;
    made.incrementAndGet(index);
    if (outcome instanceof Outcome.Answered) {
      answered.incrementAndGet(index);
    }
  }

  /** The first, the second and so on, as far as there were any. */
  List<Try> list() {
    List<Try> all = new ArrayList<>();
    for (int i = 0; i < COUNTED && made.get(i) > 0; i++) {
      all.add(new Try(made.get(i), answered.get(i)));
    }
    return all;
  }
}
