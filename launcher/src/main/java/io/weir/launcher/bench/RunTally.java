package io.weir.launcher.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Counts of a run: of all requests, of each class and of each tenant. */
final class RunTally {
  private final Goals goals;
  private final Tally all;
  private final Map<String, Tally> classes = new ConcurrentHashMap<>();
  private final Map<String, Tally> tenants = new ConcurrentHashMap<>();

  RunTally(Goals goals) {
    this.goals = goals;
    this.all = new Tally(goals);
  }

  /** Everything that a sender's requests count towards. */
  List<Tally> of(Sender sender) {
    List<Tally> parts = new ArrayList<>(3);
    parts.add(all);
    sender
        .requestClass()
        .ifPresent(name -> parts.add(classes.computeIfAbsent(name, absent -> new Tally(goals))));
    sender
        .tenant()
        .ifPresent(name -> parts.add(tenants.computeIfAbsent(name, absent -> new Tally(goals))));
    return parts;
  }

  /** What all requests together came to. */
  Summary summary(Duration elapsed) {
    return all.summary(elapsed);
  }

  /** The same with its parts. */
  RunSummary parts(Duration elapsed) {
    return new RunSummary(summary(elapsed), each(classes, elapsed), each(tenants, elapsed));
  }

  private static Map<String, Summary> each(Map<String, Tally> parts, Duration elapsed) {
    Map<String, Summary> summaries = new TreeMap<>();
    parts.forEach((name, tally) -> summaries.put(name, tally.summary(elapsed)));
    return summaries;
  }
}
