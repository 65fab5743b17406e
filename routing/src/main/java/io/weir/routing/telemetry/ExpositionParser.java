package io.weir.routing.telemetry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the lines of one page; keeps a bounded part of whatever is in it. */
final class ExpositionParser {
  /** The largest real pages, buckets left out, have some hundred. */
  private static final int MOST_SAMPLES = 20_000;

  private static final int LONGEST_LINE = 16_384;
  private static final int MOST_LABELS = 64;
  private static final int LONGEST_NUMBER = 64;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private final String text;
  private final List<Sample> samples = new ArrayList<>();
  private int wellFormed;
  private int malformed;

  // The line being read.
  private int at;
  private int end;

  ExpositionParser(String text) {
    this.text = text;
  }

  Exposition parse() {
    int begin = 0;
    while (begin < text.length()) {
      int newline = text.indexOf('\n', begin);
      end = newline < 0 ? text.length() : newline;
      at = begin;
      begin = end + 1;
      line();
    }
    return new Exposition(samples, wellFormed, malformed);
  }

  private void line() {
    while (end > at && text.charAt(end - 1) <= ' ') {
      end--;
    }
    spaces();
    if (at == end || text.charAt(at) == '#') {
      return;
    }
    if (end - at <= LONGEST_LINE && sample()) {
      wellFormed++;
    } else {
      malformed++;
    }
  }

  /** name, labels in braces or none, value, time stamp or none. */
  private boolean sample() {
    String name = name();
    Map<String, String> labels = new HashMap<>();
    if (name.isEmpty() || !labels(labels)) {
      return false;
    }
    String value = word();
    spaces();
    String stamp = word();
    if (at < end || !isNumber(value) || !(stamp.isEmpty() || isNumber(stamp))) {
      return false;
    }
    if (!name.endsWith("_bucket") && samples.size() < MOST_SAMPLES) {
      samples.add(new Sample(name.replace(':', '_'), labels, number(value)));
    }
    return true;
  }

  private boolean labels(Map<String, String> labels) {
    spaces();
    if (at == end || text.charAt(at) != '{') {
      return true;
    }
    at++;
    while (true) {
      spaces();
      if (at < end && text.charAt(at) == '}') {
        at++;
        spaces();
        return true;
      }
      String name = name();
      spaces();
      if (name.isEmpty() || !skip('=')) {
        return false;
      }
      spaces();
      StringBuilder value = new StringBuilder();
      if (!skip('"') || !quoted(value) || labels.size() >= MOST_LABELS) {
        return false;
      }
      labels.put(name, value.toString());
      spaces();
      if (!skip(',') && !(at < end && text.charAt(at) == '}')) {
        return false;
      }
    }
  }

  private boolean quoted(StringBuilder into) {
    while (at < end) {
      char c = text.charAt(at++);
      if (c == '"') {
        return true;
      }
      if (c == '\\' && at < end) {
        char escaped = text.charAt(at++);
        into.append(escaped == 'n' ? '\n' : escaped);
      } else {
        into.append(c);
      }
    }
    return false;
  }

  private String name() {
    int begin = at;
    while (at < end && isNameChar(text.charAt(at), at == begin)) {
      at++;
    }
    return text.substring(begin, at);
  }

  private static boolean isNameChar(char c, boolean first) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    return letter || (!first && c >= '0' && c <= '9');
  }

  private String word() {
    int begin = at;
    while (at < end && text.charAt(at) > ' ') {
      at++;
    }
    return text.substring(begin, at);
  }

  private void spaces() {
    while (at < end && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private boolean skip(char wanted) {
    if (at < end && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  static boolean isNumber(String word) {
    return word.length() <= LONGEST_NUMBER && (special(word) || NUMBER.matcher(word).matches());
  }

  private static boolean special(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity" -> true;
      default -> false;
    };
  }

  static double number(String word) {
    if (!special(word)) {
      return Double.parseDouble(word);
    }
    if (word.toLowerCase(Locale.ROOT).contains("nan")) {
      return Double.NaN;
    }
    return word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }
}
