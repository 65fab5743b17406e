package io.weir.routing.protocol;

import io.weir.routing.protocol.Sending.Payload;
import io.weir.routing.request.Deaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One state of everything: the logs, what is under way to them, and the processes. */
final class World {
  final Scenario scenario;
  final List<Request> requests = new ArrayList<>();
  final List<Dispatcher> dispatchers = new ArrayList<>();
  final List<Controller> controllers = new ArrayList<>();
  final Ingress ingress;
  final Faults faults;
  Lane lane = new Lane();
  Lane requeues = new Lane();
  boolean expired;

  /** Incarnations that the log of members says are dead. */
  private final Set<String> dead = new TreeSet<>();

  /** Incarnations whose process is gone: what they had under way may be lost. */
  private final Set<String> gone = new TreeSet<>();

  private final List<Sending> flying = new ArrayList<>();

  World(Scenario scenario) {
    this.scenario = scenario;
    this.faults = Faults.of(scenario.faults());
    this.ingress = new Ingress();
    for (int i = 0; i < scenario.requests(); i++) {
      requests.add(new Request(i));
    }
    for (int i = 0; i < Scenario.DISPATCHERS; i++) {
      dispatchers.add(new Dispatcher(i));
    }
    for (int i = 0; i < scenario.controllers(); i++) {
      controllers.add(new Controller(i, scenario.requests()));
    }
    requeues.assign(1);
  }

  private World(World other) {
    scenario = other.scenario;
    faults = other.faults.copy();
    ingress = other.ingress.copy();
    other.requests.forEach(each -> requests.add(each.copy()));
    other.dispatchers.forEach(each -> dispatchers.add(each.copy()));
    other.controllers.forEach(each -> controllers.add(each.copy()));
    lane = other.lane.copy();
    requeues = other.requeues.copy();
    expired = other.expired;
    dead.addAll(other.dead);
    gone.addAll(other.gone);
    flying.addAll(other.flying);
  }

  /** The world after a move, checked. */
  World after(Move move) {
    World next = new World(this);
    move.effect().accept(next);
    next.check();
    return next;
  }

  List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    ingress.moves(this, moves);
    dispatchers.forEach(each -> each.moves(this, moves));
    controllers.forEach(each -> each.moves(this, moves));
    landings(moves);
    if (faults.has(Faults.Kind.EXPIRY)) {
      moves.add(
          Move.fault(
              "expiry",
              world -> {
                world.faults.use(Faults.Kind.EXPIRY);
                world.expired = true;
              }));
    }
    return moves;
  }

  void send(Sending sending) {
    flying.add(sending);
  }

  /**
   * Loses the oldest chunk of an attempt that is under way. Those behind it may come through: a
   * producer that gives up on a batch goes on with the next.
   */
  void loseOldest(String sender, String attempt) {
    for (int i = 0; i < flying.size(); i++) {
      Sending each = flying.get(i);
      boolean chunk = each.payload() instanceof Payload.Chunk;
      if (chunk && each.sender().equals(sender) && each.attempt().equals(attempt)) {
        flying.remove(i);
        return;
      }
    }
  }

  long underWay(String sender, String attempt) {
    return flying.stream()
        .filter(each -> each.sender().equals(sender) && each.attempt().equals(attempt))
        .count();
  }

  Deaths deaths() {
    return (member, epoch) -> dead.contains(member + "#" + epoch);
  }

  void die(String incarnation) {
    dead.add(incarnation);
  }

  boolean isDead(String incarnation) {
    return dead.contains(incarnation);
  }

  void crash(String incarnation) {
    gone.add(incarnation);
  }

  long clock() {
    return expired ? Records.EXPIRES + 20_000 : 0;
  }

  private void landings(List<Move> moves) {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < flying.size(); i++) {
      int index = i;
      Sending sending = flying.get(i);
      // Of one sender and stream only the oldest can land.
      if (seen.add(sending.sender() + sending.stream() + sending.request())) {
        moves.add(Move.progress("lands " + sending, world -> world.land(index)));
        if (gone.contains(sending.sender())) {
          moves.add(Move.fault("lost " + sending, world -> world.lose(index)));
        }
      }
    }
  }

  /** What a process that is gone did not get across, and all that it had sent later. */
  private void lose(int index) {
    Sending first = flying.get(index);
    flying.removeIf(
        each -> each.sender().equals(first.sender()) && each.stream().equals(first.stream()));
  }

  private void land(int index) {
    Sending sending = flying.remove(index);
    Request request = requests.get(sending.request());
    switch (sending.payload()) {
      case Payload.Event event -> request.append(event.event());
      case Payload.Chunk chunk -> request.append(chunk.chunk());
      case Payload.Requeue requeue ->
          requeues.append(new Lane.Entry(sending.request(), requeue.continues()));
    }
    dispatchers.forEach(each -> each.acked(this, sending));
    controllers.forEach(each -> each.acked(this, sending));
  }

  private void check() {
    for (Request request : requests) {
      request.check();
      boolean held =
          request.isClaimed() || lane.holds(request.number) || requeues.holds(request.number);
      Violation.unless(
          held || request.isEnded() || !ingress.hasProduced(request.number),
          "request " + request.number + " is in nobody's custody");
    }
    dispatchers.forEach(Dispatcher::check);
  }

  /** True if all that was accepted has come to its end. */
  boolean isDone() {
    for (Request request : requests) {
      if (!request.isEnded()) {
        return false;
      }
    }
    return true;
  }

  /** All that what follows depends on. */
  @Override
  public String toString() {
    List<String> sendings = new ArrayList<>();
    flying.forEach(each -> sendings.add(each.toString()));
    // The order between streams does not matter; within one it does, and the sort is stable.
    sendings.sort(
        (one, other) ->
            one.substring(0, one.lastIndexOf(':'))
                .compareTo(other.substring(0, other.lastIndexOf(':'))));
    return requests
        + "/"
        + lane
        + "/"
        + requeues
        + "/"
        + sendings
        + "/"
        + dispatchers
        + "/"
        + controllers
        + "/"
        + ingress
        + "/"
        + dead
        + gone
        + faults
        + expired;
  }
}
