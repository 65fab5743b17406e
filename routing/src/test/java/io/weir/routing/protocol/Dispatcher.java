package io.weir.routing.protocol;

import io.weir.routing.protocol.Held.Phase;
import io.weir.routing.protocol.Sending.Payload;
import io.weir.schemas.Continues;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.ResponseChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Claims what it polls, runs it on an engine, publishes. One that is taken for dead goes on as if
 * nothing had happened until it rejoins: that nobody acts past a lease is not relied on.
 */
final class Dispatcher {
  private static final int MOST_HELD = 2;
  private static final int MOST_UNDER_WAY = 2;

  private final int number;
  private final Map<String, Held> held = new TreeMap<>();
  private boolean up = true;
  private long epoch = 1;
  private int attempts;
  private int slotsInUse;

  Dispatcher(int number) {
    this.number = number;
  }

  Dispatcher copy() {
    Dispatcher copy = new Dispatcher(number);
    held.forEach((attempt, each) -> copy.held.put(attempt, each.copy()));
    copy.up = up;
    copy.epoch = epoch;
    copy.attempts = attempts;
    copy.slotsInUse = slotsInUse;
    return copy;
  }

  void moves(World world, List<Move> moves) {
    // One that has crashed may stay away as long as there is another.
    boolean needed = up || !world.dispatchers.get(1 - number).up;
    if (world.isDead(incarnation()) && needed) {
      moves.add(mine(name() + " rejoins", Dispatcher::rejoin));
    }
    lane(world, world.lane, "lane", moves);
    lane(world, world.requeues, "requeues", moves);
    if (!up) {
      return;
    }
    held.forEach((attempt, each) -> moves(world, attempt, each, moves));
    if (world.faults.has(Faults.Kind.DISPATCHER_CRASH)) {
      moves.add(fault(name() + " crashes", Faults.Kind.DISPATCHER_CRASH, Dispatcher::crash));
    }
    if (world.faults.has(Faults.Kind.FALSE_DEATH) && !world.isDead(incarnation())) {
      moves.add(
          fault(
              name() + " is taken for dead",
              Faults.Kind.FALSE_DEATH,
              (me, after) -> after.die(me.incarnation())));
    }
  }

  private void lane(World world, Lane lane, String which, List<Move> moves) {
    boolean requeued = lane == world.requeues;
    if (lane.owner() != number) {
      return;
    }
    int other = 1 - number;
    if (!up) {
      moves.add(
          Move.progress(which + " goes to d" + other, after -> of(after, requeued).assign(other)));
      return;
    }
    if (lane.hasMore() && held.size() < MOST_HELD) {
      moves.add(mine(name() + " polls " + which, (me, after) -> me.poll(after, requeued)));
    }
    boolean may = !world.scenario.keeps(Rule.COMMIT_AFTER_CLAIM) && lane.isUncommitted();
    if (lane.canCommit() || may) {
      moves.add(Move.progress(name() + " commits " + which, after -> of(after, requeued).commit()));
    }
    if (world.faults.has(Faults.Kind.REBALANCE)) {
      moves.add(
          Move.fault(
              which + " is taken to d" + other,
              after -> {
                after.faults.use(Faults.Kind.REBALANCE);
                of(after, requeued).assign(other);
              }));
    }
  }

  private void moves(World world, String attempt, Held each, List<Move> moves) {
    boolean early = !world.scenario.keeps(Rule.TEXT_AFTER_CLAIM) && each.phase == Phase.CLAIMING;
    if ((each.phase == Phase.READY || early) && slotsInUse < Scenario.SLOTS) {
      moves.add(mine(attempt + " runs", (me, after) -> me.run(attempt)));
    }
    if (each.phase != Phase.RUNNING) {
      return;
    }
    long underWay = world.underWay(incarnation(), attempt);
    if (!each.ended && underWay < MOST_UNDER_WAY) {
      moves.add(mine(attempt + " publishes", (me, after) -> me.publish(after, attempt)));
    }
    if (!each.hasPublished() && each.claimed && world.faults.has(Faults.Kind.ENGINE_FAILS)) {
      moves.add(
          fault(
              attempt + "'s engine fails",
              Faults.Kind.ENGINE_FAILS,
              (me, after) -> me.retry(after, attempt)));
    }
    if (underWay > 0 && each.claimed && world.faults.has(Faults.Kind.SEND_FAILS)) {
      moves.add(
          fault(
              attempt + " cannot be published",
              Faults.Kind.SEND_FAILS,
              (me, after) -> me.letGo(after, attempt)));
    }
  }

  private void poll(World world, boolean requeued) {
    Lane lane = of(world, requeued);
    int offset = lane.position();
    Lane.Entry entry = lane.poll();
    String attempt = nextAttempt();
    held.put(attempt, new Held(entry.request(), entry.continues(), requeued, offset));
    event(
        world,
        attempt,
        "claim",
        Records.claimed(entry.request(), attempt, name(), epoch, world.scenario.watched()));
  }

  private void run(String attempt) {
    held.get(attempt).phase = Phase.RUNNING;
    slotsInUse++;
  }

  private void publish(World world, String attempt) {
    Held each = held.get(attempt);
    Optional<Continues> continues = each.hasPublished() ? Optional.empty() : each.continues;
    if (each.next < Request.EVENTS - 1) {
      String label = "data" + each.next;
      chunk(world, attempt, label, Records.data(each.request, attempt, each.next++, continues));
      return;
    }
    each.ended = true;
    // A text that broke off at its end has only the END to come.
    chunk(
        world,
        attempt,
        "end",
        each.next < Request.EVENTS
            ? Records.data(each.request, attempt, each.next, continues)
            : Records.end(each.request, attempt, continues));
    if (!world.scenario.keeps(Rule.TERMINAL_AFTER_END)) {
      conclude(world, attempt);
    }
  }

  private void conclude(World world, String attempt) {
    Held each = held.get(attempt);
    each.phase = Phase.CONCLUDING;
    slotsInUse--;
    event(world, attempt, "terminal", Records.succeeded(each.request, attempt, name(), epoch));
  }

  private void retry(World world, String attempt) {
    Held each = held.remove(attempt);
    String next = nextAttempt();
    held.put(next, each);
    each.phase = Phase.CLAIMING;
    if (world.scenario.keeps(Rule.SLOT_BACK_ON_RETRY)) {
      slotsInUse--;
    }
    event(world, next, "retried", Records.retried(each.request, next, attempt, name(), epoch));
  }

  private void letGo(World world, String attempt) {
    world.loseOldest(incarnation(), attempt);
    slotsInUse--;
    if (!world.scenario.keeps(Rule.LET_GO_OF_FAILURES)) {
      held.remove(attempt);
      return;
    }
    Held each = held.get(attempt);
    each.phase = Phase.LETTING_GO;
    event(world, attempt, "letgo", Records.letGo(each.request, attempt, name(), epoch));
  }

  void acked(World world, Sending sending) {
    if (!up || !sending.sender().equals(incarnation()) || !held.containsKey(sending.attempt())) {
      return;
    }
    String attempt = sending.attempt();
    Held each = held.get(attempt);
    switch (sending.label()) {
      case "claim", "retried" -> {
        each.claimed = true;
        each.phase = each.phase == Phase.CLAIMING ? Phase.READY : each.phase;
        each.lane(world).claimed(number, each.offset);
      }
      case "end" -> {
        if (each.phase == Phase.RUNNING) {
          conclude(world, attempt);
        }
      }
      case "terminal", "letgo" -> held.remove(attempt);
      default -> {}
    }
  }

  private void crash(World world) {
    up = false;
    world.crash(incarnation());
    world.die(incarnation());
    held.clear();
    slotsInUse = 0;
  }

  /** A new epoch, which knows nothing of the old one and reads its lanes anew. */
  private void rejoin(World world) {
    up = true;
    epoch++;
    held.clear();
    slotsInUse = 0;
    List<Lane> lanes = new ArrayList<>(List.of(world.lane, world.requeues));
    lanes.stream().filter(lane -> lane.owner() == number).forEach(lane -> lane.assign(number));
  }

  void check() {
    long running = held.values().stream().filter(each -> each.phase == Phase.RUNNING).count();
    Violation.unless(slotsInUse == running, name() + " has lost a slot");
  }

  private void event(World world, String attempt, String label, LifecycleEvent event) {
    int request = held.get(attempt).request;
    world.send(new Sending(incarnation(), "L", request, attempt, label, new Payload.Event(event)));
  }

  private void chunk(World world, String attempt, String label, ResponseChunk chunk) {
    int request = held.get(attempt).request;
    world.send(new Sending(incarnation(), "R", request, attempt, label, new Payload.Chunk(chunk)));
  }

  private Move mine(String label, BiConsumer<Dispatcher, World> effect) {
    return Move.progress(label, after -> effect.accept(after.dispatchers.get(number), after));
  }

  private Move fault(String label, Faults.Kind kind, BiConsumer<Dispatcher, World> effect) {
    return Move.fault(
        label,
        after -> {
          after.faults.use(kind);
          effect.accept(after.dispatchers.get(number), after);
        });
  }

  private static Lane of(World world, boolean requeued) {
    return requeued ? world.requeues : world.lane;
  }

  private String nextAttempt() {
    return "abc".charAt(number) + Integer.toString(attempts++);
  }

  private String name() {
    return "d" + number;
  }

  private String incarnation() {
    return name() + "#" + epoch;
  }

  @Override
  public String toString() {
    return held + "" + up + epoch + "," + attempts + "," + slotsInUse;
  }
}
