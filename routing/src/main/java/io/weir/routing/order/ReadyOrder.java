package io.weir.routing.order;

import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Requests of one pool that wait for an engine, in the order of DESIGN §8: class, then tenant, then
 * deadline. What can no longer meet its deadline comes out as a drop instead. Not safe for use by
 * several threads.
 *
 * @param <T> the caller's request
 */
public final class ReadyOrder<T extends Orderable> {
  private final Map<RequestClass, FairQueue<T>> classes = new EnumMap<>(RequestClass.class);
  private final ClassSchedule schedule;
  private final BrownOut brownOut;
  private final Turn.Empty<T> empty = new Turn.Empty<>();
  private final Set<RequestClass> waiting = EnumSet.noneOf(RequestClass.class);
  private long standardTurns;

  /**
   * @param weights of tenants against each other; positive
   */
  public ReadyOrder(ClassShares shares, ClassTargets targets, ToDoubleFunction<String> weights) {
    this.schedule = new ClassSchedule(shares);
    this.brownOut = new BrownOut(targets.priorityTtft().toNanos());
    for (RequestClass each : RequestClass.values()) {
      classes.put(each, new FairQueue<>(weights));
    }
  }

  public void offer(T request) {
    classes.get(request.requestClass()).add(request);
  }

  /**
   * Takes the next request out and charges its tenant and its class for it. To be called when an
   * engine has room.
   *
   * @param now on the clock of the requests' times
   * @param firstToken on the engine that has room soonest
   */
  public Turn<T> poll(long now, FirstToken<T> firstToken) {
    Set<RequestClass> present = waiting();
    if (present.isEmpty()) {
      return empty;
    }
    BrownOut.Rung rung = brownOut.observe(priorityWait(now), now);
    Optional<RequestClass> next = schedule.next(present, rung.paused());
    if (next.isEmpty()) {
      return empty;
    }
    FairQueue<T> queue = classes.get(next.get());
    T request = queue.poll();
    long waited = Math.max(0, now - request.enqueuedNanos());
    long late = now + firstToken.nanos(request) - request.deadlineNanos();
    if (late > 0) {
      boolean expired = request.deadlineNanos() <= now;
      return new Turn.Drop<>(
          request, expired ? DropReason.EXPIRED : DropReason.INFEASIBLE, waited, late);
    }
    if (rung == BrownOut.Rung.THIN_STANDARD
        && next.get() == RequestClass.STANDARD
        && standardTurns++ % 2 == 0) {
      return new Turn.Drop<>(request, DropReason.BROWN_OUT, waited, 0);
    }
    queue.charge(request.tenant(), request.costTokens());
    schedule.served(next.get(), request.costTokens(), present, rung.paused());
    return new Turn.Run<>(request, waited);
  }

  /**
   * Charges a tenant for what was served to it elsewhere, or corrects what was charged here by an
   * estimate.
   *
   * @param tokens negative to give back
   */
  public void charge(RequestClass requestClass, String tenant, double tokens) {
    classes.get(requestClass).charge(tenant, tokens);
  }

  /** Takes out everything whose deadline has passed. */
  public List<Turn.Drop<T>> expire(long now) {
    List<Turn.Drop<T>> expired = new ArrayList<>();
    for (FairQueue<T> queue : classes.values()) {
      queue.removeIf(
          request -> request.deadlineNanos() <= now,
          request ->
              expired.add(
                  new Turn.Drop<>(
                      request,
                      DropReason.EXPIRED,
                      Math.max(0, now - request.enqueuedNanos()),
                      now - request.deadlineNanos())));
    }
    return expired;
  }

  /** Takes out everything a test says yes to, highest class first. */
  public List<T> removeIf(Predicate<T> test) {
    List<T> taken = new ArrayList<>();
    classes.values().forEach(queue -> queue.removeIf(test, taken::add));
    return taken;
  }

  /** Where the brown-out ladder stands. */
  public BrownOut.Rung rung() {
    return brownOut.rung();
  }

  public int size() {
    int size = 0;
    for (FairQueue<T> queue : classes.values()) {
      size += queue.size();
    }
    return size;
  }

  public int size(RequestClass requestClass) {
    return classes.get(requestClass).size();
  }

  /** The cost of what waits in a class, in tokens. */
  public double tokens(RequestClass requestClass) {
    return classes.get(requestClass).tokens();
  }

  private long priorityWait(long now) {
    FairQueue<T> priority = classes.get(RequestClass.PRIORITY);
    return priority.isEmpty() ? 0 : Math.max(0, now - priority.oldest());
  }

  private Set<RequestClass> waiting() {
    waiting.clear();
    for (Map.Entry<RequestClass, FairQueue<T>> each : classes.entrySet()) {
      if (!each.getValue().isEmpty()) {
        waiting.add(each.getKey());
      }
    }
    return waiting;
  }
}
