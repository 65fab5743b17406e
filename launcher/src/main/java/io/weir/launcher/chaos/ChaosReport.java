package io.weir.launcher.chaos;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run found.
 *
 * @param offer which ways of asking there were
 * @param all of what clients got
 * @param faults each fault's part of it
 * @param accepted requests in the lanes
 * @param terminals visible ends by type
 * @param hiddenTerminals ends that nobody sees
 * @param ranTwice requests that were given to engines more than once
 * @param breaches promises that were not kept
 * @param histories of the first requests of each kind of breach
 * @param late histories of the first requests that ran again late, which breaks no promise
 * @param died processes that had ended by themselves
 */
record ChaosReport(
    Offer offer,
    Tally all,
    List<FaultReport> faults,
    long accepted,
    Map<String, Long> terminals,
    long hiddenTerminals,
    long ranTwice,
    List<Breach> breaches,
    List<String> histories,
    List<String> late,
    List<String> died) {

  /** True if every promise was kept and nothing ended that nobody had ended. */
  boolean isIntact() {
    return breaches.isEmpty() && died.isEmpty();
  }

  static Map<String, Long> terminals(Collection<RequestLife> lives) {
    return lives.stream()
        .filter(life -> life.terminal().isPresent())
        .collect(
            Collectors.groupingBy(
                life -> life.terminal().get().getType().toString(),
                TreeMap::new,
                Collectors.counting()));
  }

  /** How many breaches there are of each promise. */
  Map<String, Long> breachCounts() {
    return breaches.stream()
        .collect(Collectors.groupingBy(Breach::promise, TreeMap::new, Collectors.counting()));
  }
}
