package io.weir.launcher.chaos;

import io.weir.schemas.LifecycleType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for requests that were taken from a dispatcher that lived: one that went on writing under
 * the same epoch long after, though neither it nor a broker was touched.
 */
final class Requeues {
  static final String PROMISE = "requeued though its dispatcher lived";

  /** What was under way when the claims were given up may come in so much later. */
  private static final long UNDER_WAY_MILLIS = 2_000;

  /** How long a fault may still be the reason after it was made good. */
  private static final long AFTER_MILLIS = 15_000;

  private Requeues() {}

  static List<Breach> ofTheLiving(Collection<RequestLife> lives, List<FaultTimes> faults) {
    Map<String, Long> lastWords = new HashMap<>();
    for (RequestLife life : lives) {
      life.steps().forEach(step -> lastWords.merge(step.member(), step.at(), Math::max));
    }
    List<Breach> breaches = new ArrayList<>();
    for (RequestLife life : lives) {
      for (Step step : life.steps()) {
        if (step.type() == LifecycleType.REQUEUED) {
          holders(life, step).stream()
              .filter(
                  holder ->
                      lastWords.getOrDefault(holder.member(), 0L) > step.at() + UNDER_WAY_MILLIS)
              .filter(holder -> faults.stream().noneMatch(fault -> excuses(fault, holder, step)))
              .forEach(
                  holder ->
                      breaches.add(
                          new Breach(
                              PROMISE,
                              life.id(),
                              life.number().orElse(-1),
                              holder.member() + " went on")));
        }
      }
    }
    return breaches;
  }

  /** The claims that a requeue closed, but those that their dispatcher had given up itself. */
  private static List<Step> holders(RequestLife life, Step requeue) {
    return life.steps().stream()
        .filter(step -> step.claims() && requeue.closed().contains(step.attempt()))
        .filter(step -> step.offset() < requeue.offset())
        .filter(claim -> life.steps().stream().noneMatch(step -> gaveUp(step, claim, requeue)))
        .toList();
  }

  private static boolean gaveUp(Step step, Step claim, Step requeue) {
    return step.type() == LifecycleType.RETRIED
        && step.offset() < requeue.offset()
        && step.member().equals(claim.member());
  }

  private static boolean excuses(FaultTimes fault, Step holder, Step requeue) {
    boolean touched =
        fault.fault().role() == Role.BROKER || fault.fault().process().equals(holder.memberId());
    return touched
        && requeue.at() >= fault.began()
        && requeue.at() <= fault.healed() + AFTER_MILLIS;
  }
}
