package io.weir.launcher.chaos;

import io.weir.routing.engine.SimText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request of the load. Its prompt begins with its number, so that the answer can be nobody
 * else's, and so that its records can be found.
 *
 * @param offsetNanos when it is sent, since the load began
 * @param tier OpenAI's service tier
 * @param tokens of the answer
 * @param key its idempotency key, if it has one
 * @param cutAfter after how many events a cut stream is cut
 */
record ChaosRequest(
    int number,
    long offsetNanos,
    Kind kind,
    String tier,
    String prompt,
    int tokens,
    Optional<String> key,
    int cutAfter) {
  private static final String MARK = "chaos ";
  private static final String LINE = "line ";
  private static final Pattern LINE_MARK =
      Pattern.compile("\"" + MARK + "\\d{1,9} " + LINE + "(\\d{1,5}) of a batch\"");
  private static final int LEAST_LINES = 20;
  private static final int LINE_SPREAD = 31;

  static String promptOf(int number, String rest) {
    return MARK + number + " " + rest;
  }

  /** The number of the request whose body this is; empty if it is none of ours. */
  static Optional<Integer> numberIn(String body) {
    int at = body.indexOf("\"" + MARK);
    if (at < 0) {
      return Optional.empty();
    }
    int from = at + 1 + MARK.length();
    int to = body.indexOf(' ', from);
    try {
      return to < 0 ? Optional.empty() : Optional.of(Integer.valueOf(body.substring(from, to)));
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  /** How many lines it has, if it is a batch. */
  int lines() {
    return LEAST_LINES + number % LINE_SPREAD;
  }

  /** One line of a batch. */
  ChaosRequest line(int line) {
    String text = promptOf(number, LINE + line + " of a batch");
    return new ChaosRequest(
        number, offsetNanos, Kind.SYNC, tier, text, tokens, Optional.empty(), cutAfter);
  }

  /** Which line of its batch the body is; empty if it is of none. */
  static Optional<Integer> lineIn(String body) {
    Matcher line = LINE_MARK.matcher(body);
    return line.find() ? Optional.of(Integer.valueOf(line.group(1))) : Optional.empty();
  }

  /** The only right answer. */
  String answer() {
    return SimText.answer(prompt, tokens);
  }

  /** Nothing in it needs an escape. */
  String body() {
    return "{\"model\":\""
        + SystemLayout.POOL
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + prompt
        + "\"}],\"max_tokens\":"
        + tokens
        + ",\"service_tier\":\""
        + tier
        + "\""
        + (kind.streams() ? ",\"stream\":true" : "")
        + "}";
  }
}
