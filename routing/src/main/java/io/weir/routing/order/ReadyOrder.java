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
  private long earliest = Long.MAX_VALUE;

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
    earliest = Math.min(earliest, end(request));
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
    BrownOut.Rung rung = look(now);
    Optional<RequestClass> next = schedule.next(present, rung.paused());
    if (next.isEmpty()) {
      return empty;
    }
    FairQueue<T> queue = classes.get(next.get());
    T request = queue.poll();
    long late = now + firstToken.nanos(request) - request.expiresNanos();
    if (late > 0) {
      boolean expired = request.expiresNanos() <= now;
      return drop(request, expired ? DropReason.EXPIRED : DropReason.INFEASIBLE, late, now);
    }
    if (request.startByNanos() < now) {
      return drop(request, DropReason.QUEUE_DELAY, now - request.startByNanos(), now);
    }
    if (rung == BrownOut.Rung.THIN_STANDARD
        && next.get() == RequestClass.STANDARD
        && request.startByNanos() < Long.MAX_VALUE
        && standardTurns++ % 2 == 0) {
      return drop(request, DropReason.BROWN_OUT, 0, now);
    }
    queue.charge(request.tenant(), request.costTokens());
    schedule.served(next.get(), request.costTokens(), present, rung.paused());
    return new Turn.Run<>(request, Math.max(0, now - request.enqueuedNanos()));
  }

  private Turn.Drop<T> drop(T request, DropReason reason, long late, long now) {
    return new Turn.Drop<>(request, reason, Math.max(0, now - request.enqueuedNanos()), late);
  }

  /**
   * True if a request of a class may go to an engine with room at once instead of waiting its turn:
   * nothing waits, and the class does not have to stand back.
   */
  public boolean mayPass(RequestClass requestClass) {
    for (FairQueue<T> queue : classes.values()) {
      if (!queue.isEmpty()) {
        return false;
      }
    }
    return !brownOut.rung().paused().contains(requestClass);
  }

  /** Charges a tenant for a request that went past the queue. */
  public void passed(RequestClass requestClass, String tenant, double tokens) {
    classes.get(requestClass).passed(tenant, tokens);
  }

  /**
   * Corrects what a tenant was charged here by an estimate.
   *
   * @param tokens negative to give back
   */
  public void charge(RequestClass requestClass, String tenant, double tokens) {
    classes.get(requestClass).charge(tenant, tokens);
  }

  /**
   * Charges a tenant for what was served to it elsewhere while it waits here. One that does not
   * wait here owes nobody here anything.
   */
  public void servedElsewhere(RequestClass requestClass, String tenant, double tokens) {
    FairQueue<T> queue = classes.get(requestClass);
    if (queue.isWaiting(tenant)) {
      queue.charge(tenant, tokens);
    }
  }

  /** Looks how long priority has waited; to be called every now and then, whether anything is. */
  public BrownOut.Rung look(long now) {
    return brownOut.observe(priorityWait(now), now);
  }

  /** Takes out everything that has expired or is not worth beginning any more. */
  public List<Turn.Drop<T>> expire(long now) {
    if (now < earliest) {
      return List.of();
    }
    List<Turn.Drop<T>> expired = new ArrayList<>();
    earliest = Long.MAX_VALUE;
    for (FairQueue<T> queue : classes.values()) {
      queue.removeIf(
          request -> {
            long end = end(request);
            boolean over = end <= now;
            earliest = over ? earliest : Math.min(earliest, end);
            return over;
          },
          request ->
              expired.add(
                  drop(
                      request,
                      request.expiresNanos() <= now ? DropReason.EXPIRED : DropReason.QUEUE_DELAY,
                      now - end(request),
                      now)));
    }
    return expired;
  }

  private static long end(Orderable request) {
    return Math.min(request.startByNanos(), request.expiresNanos());
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

  /** How long the priority request that has waited longest has waited, in nanoseconds. */
  public long priorityWait(long now) {
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
