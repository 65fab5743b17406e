package io.weir.routing.limit;

import io.weir.schemas.BudgetPeriod;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** When the periods of budgets begin and end: days and months of UTC. */
public final class BudgetCalendar {
  private BudgetCalendar() {}

  /** When the period began that runs at a time. */
  public static Instant begin(BudgetPeriod period, Instant at) {
    ZonedDateTime day = at.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
    return switch (period) {
      case DAY -> day.toInstant();
      case MONTH -> day.withDayOfMonth(1).toInstant();
    };
  }

  /** When a period ends that began so, which is when the next one begins. */
  public static Instant end(BudgetPeriod period, Instant begin) {
    ZonedDateTime from = begin.atZone(ZoneOffset.UTC);
    return switch (period) {
      case DAY -> from.plusDays(1).toInstant();
      case MONTH -> from.plusMonths(1).toInstant();
    };
  }
}
