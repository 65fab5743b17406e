package io.weir.routing.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of data, never negative. Text form: a whole number and {@code B}, {@code KiB}, {@code
 * MiB} or {@code GiB}.
 *
 * @param bytes the amount in bytes
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)");

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size cannot be negative, is " + bytes);
    }
  }

  public static DataSize kibibytes(long count) {
    return new DataSize(Math.multiplyExact(count, 1L << 10));
  }

  public static DataSize mebibytes(long count) {
    return new DataSize(Math.multiplyExact(count, 1L << 20));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static DataSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a size; write a whole number with B, KiB, MiB or GiB, such as 8MiB");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "B" -> new DataSize(count);
      case "KiB" -> kibibytes(count);
      case "MiB" -> mebibytes(count);
      default -> new DataSize(Math.multiplyExact(count, 1L << 30));
    };
  }

  /**
   * The size as an array length.
   *
   * @throws ArithmeticException if it is 2 GiB or more
   */
  public int toIntBytes() {
    return Math.toIntExact(bytes);
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    if (bytes != 0 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "GiB";
    }
    if (bytes != 0 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    if (bytes != 0 && bytes % (1L << 10) == 0) {
      return (bytes >> 10) + "KiB";
    }
    return bytes + "B";
  }
}
