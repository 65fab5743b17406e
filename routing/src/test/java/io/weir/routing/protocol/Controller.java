package io.weir.routing.protocol;

import io.weir.routing.protocol.Sending.Payload;
import io.weir.routing.request.Recovery;
import io.weir.routing.request.RecoveryVerdict;
import io.weir.routing.request.RecoveryVerdict.Close;
import io.weir.routing.request.RecoveryVerdict.Contest;
import io.weir.routing.request.RecoveryVerdict.End;
import io.weir.routing.request.RecoveryVerdict.Leave;
import io.weir.routing.request.RecoveryVerdict.Reset;
import io.weir.routing.request.RecoveryVerdict.RunAgain;
import io.weir.routing.request.RecoveryVerdict.Settle;
import io.weir.routing.request.ReplyReading;
import io.weir.routing.request.RequestFold;
import io.weir.schemas.Continues;
import io.weir.schemas.RequestState;
import io.weir.schemas.ResponseChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Carries out what {@link Recovery} says, and may be as late as it likes between any two steps. */
final class Controller {
  private final int number;
  private final List<Task> tasks = new ArrayList<>();
  private boolean up = true;
  private int starts = 1;

  /** How far. */
  private enum Phase {
    IDLE,
    WAITING,
    READING
  }

  /**
   * What is done about one request.
   *
   * @param seen its state when it was taken up
   * @param next what is done once the write under way is acked, if that is decided already
   */
  private record Task(Phase phase, Optional<RequestState> seen, Optional<RecoveryVerdict> next) {
    static final Task NONE = new Task(Phase.IDLE, Optional.empty(), Optional.empty());

    @Override
    public String toString() {
      StringBuilder key = new StringBuilder(phase.toString());
      seen.ifPresent(state -> Request.describe(state, key));
      return key.append(next.isPresent()).toString();
    }
  }

  Controller(int number, int requests) {
    this.number = number;
    for (int i = 0; i < requests; i++) {
      tasks.add(Task.NONE);
    }
  }

  Controller copy() {
    Controller copy = new Controller(number, 0);
    copy.tasks.addAll(tasks);
    copy.up = up;
    copy.starts = starts;
    return copy;
  }

  void moves(World world, List<Move> moves) {
    if (!up) {
      moves.add(
          Move.progress(
              name() + " restarts",
              after -> {
                Controller me = after.controllers.get(number);
                me.up = true;
                me.starts++;
              }));
      return;
    }
    for (int i = 0; i < tasks.size(); i++) {
      int request = i;
      Phase phase = tasks.get(i).phase();
      if (phase == Phase.IDLE && isDue(world, world.requests.get(i))) {
        moves.add(
            Move.progress(
                name() + " takes up " + i,
                after -> after.controllers.get(number).take(after, request)));
      } else if (phase == Phase.READING) {
        moves.add(
            Move.progress(
                name() + " reads " + i,
                after -> after.controllers.get(number).read(after, request)));
      }
    }
    if (world.faults.has(Faults.Kind.CONTROLLER_CRASH)) {
      moves.add(
          Move.fault(
              name() + " crashes",
              after -> {
                after.faults.use(Faults.Kind.CONTROLLER_CRASH);
                after.controllers.get(number).crash(after);
              }));
    }
  }

  private static boolean isDue(World world, Request request) {
    return request
        .life()
        .filter(
            state -> Recovery.isDue(state, world.deaths(), world.scenario.policy(), world.clock()))
        .isPresent();
  }

  private void take(World world, int request) {
    RequestState state = world.requests.get(request).life().orElseThrow();
    if (!(decide(world, state, ReplyReading.NONE) instanceof Contest)) {
      tasks.set(request, new Task(Phase.READING, Optional.of(state), Optional.empty()));
      return;
    }
    RequestState contested =
        RequestFold.apply(
            Optional.of(state), Records.contested(request, name()), 0, state.getOffset() + 1);
    if (!world.scenario.keeps(Rule.CONTEST_BEFORE_WRITING)) {
      tasks.set(request, new Task(Phase.READING, Optional.of(contested), Optional.empty()));
      return;
    }
    tasks.set(request, new Task(Phase.WAITING, Optional.of(contested), Optional.empty()));
    send(world, request, "contested", new Payload.Event(Records.contested(request, name())));
  }

  private void read(World world, int request) {
    RequestState seen = tasks.get(request).seen().orElseThrow();
    carryOut(world, request, decide(world, seen, world.requests.get(request).reading()));
  }

  private static RecoveryVerdict decide(World world, RequestState state, ReplyReading reading) {
    return Recovery.decide(state, reading, world.deaths(), world.scenario.policy(), world.clock());
  }

  private void carryOut(World world, int request, RecoveryVerdict verdict) {
    Optional<RecoveryVerdict> next = Optional.empty();
    switch (verdict) {
      case Leave leave -> {
        tasks.set(request, Task.NONE);
        return;
      }
      case Contest contest -> throw new Violation("contested twice");
      case Reset reset -> {
        ResponseChunk chunk = Records.reset(request, reset);
        next = blindly(world, request, chunk);
        send(world, request, "reset" + reset.closed() + reset.text(), new Payload.Chunk(chunk));
      }
      case End end -> {
        ResponseChunk chunk = Records.end(request, end);
        next = blindly(world, request, chunk);
        send(
            world,
            request,
            "end" + end.attempt().getId() + end.failure().getReason(),
            new Payload.Chunk(chunk));
      }
      case RunAgain again -> {
        if (world.scenario.keeps(Rule.REQUEUED_AFTER_REQUEUE)) {
          next = Optional.of(new Close(again.closed()));
        } else {
          close(world, request, again.closed());
        }
        requeue(world, request, again);
      }
      case Close close -> close(world, request, close.closed());
      case Settle settle ->
          send(
              world,
              request,
              "settled" + settle.attempt().getId() + settle.terminal(),
              new Payload.Event(Records.settled(request, name(), settle)));
    }
    tasks.set(request, new Task(Phase.WAITING, tasks.get(request).seen(), next));
  }

  private void requeue(World world, int request, RunAgain again) {
    Optional<Continues> continues = again.requeue().getContinues();
    send(
        world,
        request,
        "requeue" + again.closed() + Records.brief(continues),
        new Payload.Requeue(continues));
  }

  private void close(World world, int request, List<String> closed) {
    send(
        world,
        request,
        "requeued" + closed,
        new Payload.Event(Records.requeued(request, name(), closed)));
  }

  /** What comes next if nobody wrote in between, for a controller that does not look. */
  private Optional<RecoveryVerdict> blindly(World world, int request, ResponseChunk chunk) {
    if (world.scenario.keeps(Rule.READ_AFTER_WRITING)) {
      return Optional.empty();
    }
    ReplyReading imagined = world.requests.get(request).reading().then(1_000, chunk);
    return Optional.of(decide(world, tasks.get(request).seen().orElseThrow(), imagined));
  }

  void acked(World world, Sending sending) {
    if (!up || !sending.sender().equals(incarnation())) {
      return;
    }
    int request = sending.request();
    Task task = tasks.get(request);
    boolean lookAgain =
        sending.payload() instanceof Payload.Chunk || sending.label().equals("contested");
    if (task.next().isPresent()) {
      tasks.set(request, new Task(Phase.WAITING, task.seen(), Optional.empty()));
      carryOut(world, request, task.next().get());
    } else if (lookAgain) {
      tasks.set(request, new Task(Phase.READING, task.seen(), Optional.empty()));
    } else {
      tasks.set(request, Task.NONE);
    }
  }

  private void crash(World world) {
    world.crash(incarnation());
    up = false;
    tasks.replaceAll(task -> Task.NONE);
  }

  private void send(World world, int request, String label, Payload payload) {
    world.send(
        new Sending(
            incarnation(), payload.getClass().getSimpleName(), request, "", label, payload));
  }

  private String name() {
    return "c" + number;
  }

  private String incarnation() {
    return name() + "#" + starts;
  }

  @Override
  public String toString() {
    return tasks + "" + up + starts;
  }
}
