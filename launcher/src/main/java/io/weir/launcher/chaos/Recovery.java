package io.weir.launcher.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How requests fared that a fault touched.
 *
 * @param heldAgain milliseconds from the fault until each request ran again that the process held
 *     and whose answer had not begun; sorted
 * @param heldLost of those, how many did not run again and did not end
 * @param begun requests whose answers it was giving
 * @param begunWhole of those, how many ended as a success all the same
 * @param unclaimed milliseconds from the fault until each request was claimed that nobody held;
 *     sorted
 * @param late ids of those that waited longer than {@link #LATE_MILLIS}, held or not
 */
record Recovery(
    List<Long> heldAgain,
    int heldLost,
    int begun,
    int begunWhole,
    List<Long> unclaimed,
    List<String> late) {
  /** What takes longer than any lease or session is worth a look. */
  private static final long LATE_MILLIS = 10_000;

  static Recovery of(FaultTimes fault, Collection<RequestLife> lives) {
    List<Long> again = new ArrayList<>();
    List<Long> unclaimed = new ArrayList<>();
    List<String> late = new ArrayList<>();
    int lost = 0;
    int begun = 0;
    int whole = 0;
    for (RequestLife life : lives) {
      if (life.laneRecords() == 0
          || life.acceptedAt() > fault.began()
          || life.endedAt().orElse(Long.MAX_VALUE) <= fault.began()) {
        continue;
      }
      Optional<Step> last = lastTaken(life, fault.began());
      if (last.isEmpty()) {
        nextTaken(life, fault.began(), "")
            .ifPresent(at -> note(life, at - fault.began(), unclaimed, late));
      } else if (isHeldBy(last.get(), fault.fault())) {
        if (life.reply().hadDataBefore(fault.began())) {
          begun++;
          whole += life.succeeded() ? 1 : 0;
          continue;
        }
        OptionalLong next = nextTaken(life, fault.began(), last.get().attempt());
        if (next.isPresent()) {
          note(life, next.getAsLong() - fault.began(), again, late);
        } else if (life.endedAt().isEmpty()) {
          lost++;
        }
      }
    }
    again.sort(null);
    unclaimed.sort(null);
    return new Recovery(
        List.copyOf(again), lost, begun, whole, List.copyOf(unclaimed), List.copyOf(late));
  }

  private static void note(RequestLife life, long millis, List<Long> waits, List<String> late) {
    waits.add(millis);
    if (millis > LATE_MILLIS) {
      late.add(life.id());
    }
  }

  private static Optional<Step> lastTaken(RequestLife life, long before) {
    return life.steps().stream()
        .filter(step -> step.at() <= before && (step.claims() || step.runs()))
        .reduce((earlier, later) -> later);
  }

  private static OptionalLong nextTaken(RequestLife life, long after, String otherThan) {
    return life.steps().stream()
        .filter(step -> step.at() > after && (step.claims() || step.runs()))
        .filter(step -> !step.attempt().equals(otherThan))
        .mapToLong(Step::at)
        .findFirst();
  }

  private static boolean isHeldBy(Step step, Fault fault) {
    return switch (fault.role()) {
      case DISPATCHER -> step.memberId().equals(fault.process());
      case ENGINE -> step.engine().equals(fault.process());
      default -> false;
    };
  }
}
