package io.weir.dispatcher;

import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads Retry-After (RFC 9110 §10.2.3): seconds or a date. */
final class RetryAfter {
  /** An engine that asks for more is not believed. */
  private static final long LONGEST_MILLIS = Duration.ofHours(1).toMillis();

  private RetryAfter() {}

  /** Milliseconds from now, from 0 to an hour; empty if the value is neither. */
  static Optional<Long> millis(String value, Clock clock) {
    try {
      long millis =
          value.chars().allMatch(Character::isDigit) && !value.isEmpty() && value.length() < 10
              ? Long.parseLong(value) * 1000
              : ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant()
                      .toEpochMilli()
                  - clock.millis();
      return Optional.of(Math.clamp(millis, 0, LONGEST_MILLIS));
    } catch (DateTimeParseException neither) {
      return Optional.empty();
    }
  }
}
