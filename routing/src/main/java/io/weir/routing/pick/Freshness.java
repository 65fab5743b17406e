package io.weir.routing.pick;

/** How far a table of weights may be trusted, by its age. */
public enum Freshness {
  /** Younger than 3 publish intervals: as published. */
  NORMAL,
  /** 3 to 10 intervals: prices are held, and the weights flattened. */
  HELD,
  /** Older: on the way to capacity and locality alone. */
  DECAYING;

  private static final int HELD_FROM = 3;
  static final int DECAYING_FROM = 10;

  /** The freshness of a table whose successor is so long overdue. */
  public static Freshness of(long ageMillis, long intervalMillis) {
    if (ageMillis < HELD_FROM * intervalMillis) {
      return NORMAL;
    }
    return ageMillis <= DECAYING_FROM * intervalMillis ? HELD : DECAYING;
  }
}
