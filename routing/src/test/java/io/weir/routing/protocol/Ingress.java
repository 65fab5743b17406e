package io.weir.routing.protocol;

import java.util.List;
import java.util.Optional;

/** Produces each request, then ACCEPTED, which it may not live to write. */
final class Ingress {
  private int produced;

  Ingress copy() {
    Ingress copy = new Ingress();
    copy.produced = produced;
    return copy;
  }

  boolean hasProduced(int request) {
    return request < produced;
  }

  void moves(World world, List<Move> moves) {
    if (produced == world.requests.size()) {
      return;
    }
    moves.add(
        Move.progress(
            "i accepts " + produced,
            after -> {
              int request = after.ingress.produce(after);
              boolean watched = after.scenario.watched();
              after.requests.get(request).append(Records.accepted(request, watched));
            }));
    if (world.faults.has(Faults.Kind.INGRESS_CRASH)) {
      moves.add(
          Move.fault(
              "i produces " + produced + " and crashes",
              after -> {
                after.faults.use(Faults.Kind.INGRESS_CRASH);
                after.ingress.produce(after);
              }));
    }
  }

  private int produce(World world) {
    world.lane.append(new Lane.Entry(produced, Optional.empty()));
    return produced++;
  }

  @Override
  public String toString() {
    return Integer.toString(produced);
  }
}
