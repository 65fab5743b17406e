package io.weir.launcher.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What clients got in a time.
 *
 * @param failures how many ended otherwise than with an answer, by kind
 * @param disconnected of them, those whose connection broke
 * @param interrupted of them, those whose answer broke off with an error
 * @param resumed how many had their connection broken, or cut it, and got the whole answer all the
 *     same
 * @param gapMillis the longest time in which no client's answer came to its end
 */
record Tally(
    int requests,
    int answered,
    int disconnected,
    int interrupted,
    int refused,
    int resumed,
    Map<String, Integer> failures,
    long gapMillis) {

  /** Counts the entries that ended in a time. */
  static Tally of(Collection<ClientEntry> entries, long from, long until, LongPredicate when) {
    int requests = 0;
    int answered = 0;
    int disconnected = 0;
    int interrupted = 0;
    int refused = 0;
    int resumed = 0;
    Map<String, Integer> failures = new TreeMap<>();
    List<Long> ends = new ArrayList<>();
    for (ClientEntry entry : entries) {
      if (!when.test(entry.endedAt()) || entry.outcome().isEmpty()) {
        continue;
      }
      requests++;
      Outcome outcome = entry.outcome().get();
      switch (outcome) {
        case Outcome.Answered ignored -> {
          answered++;
          resumed += entry.resumes() > 0 ? 1 : 0;
          ends.add(entry.endedAt());
        }
        case Outcome.Disconnected ignored -> disconnected++;
        case Outcome.Interrupted ignored -> interrupted++;
        default -> refused++;
      }
      if (!(outcome instanceof Outcome.Answered)) {
        failures.merge(label(entry.request().kind(), outcome), 1, Integer::sum);
      }
    }
    return new Tally(
        requests,
        answered,
        disconnected,
        interrupted,
        refused,
        resumed,
        Map.copyOf(failures),
        gap(ends, from, until));
  }

  private static long gap(List<Long> ends, long from, long until) {
    ends.sort(null);
    long last = from;
    long longest = 0;
    for (long end : ends) {
      longest = Math.max(longest, end - last);
      last = end;
    }
    return until == Long.MAX_VALUE ? longest : Math.max(longest, until - last);
  }

  private static String label(Kind kind, Outcome outcome) {
    String how =
        switch (outcome) {
          case Outcome.Answered ignored -> "answered";
          case Outcome.Interrupted interrupted -> "interrupted: " + interrupted.reason();
          case Outcome.Refused refused ->
              refused.status() == 0
                  ? refused.reason()
                  : "HTTP " + refused.status() + " " + refused.reason();
          case Outcome.Disconnected ignored -> "connection broke";
          case Outcome.Unanswered ignored -> "no end within the client's patience";
          case Outcome.Denied denied ->
              "accepted, then HTTP " + denied.status() + " " + denied.reason();
          case Outcome.Wrong ignored -> "wrong answer";
        };
    return kind.name().toLowerCase(Locale.ROOT) + " " + how;
  }
}
