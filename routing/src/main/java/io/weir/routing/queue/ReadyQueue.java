package io.weir.routing.queue;

import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Requests of one pool that wait for an engine: first in, first out within a class, and strictly
 * the highest class first. It takes whatever it is offered; {@link #room} says which classes to
 * feed, so it overshoots its limits by no more than was already on its way. Not safe for use by
 * several threads.
 *
 * @param <T> the caller's request
 */
public final class ReadyQueue<T extends Ready> {
  private QueueLimits limits;
  // In the order of the enum, highest class first.
  private final Map<RequestClass, ClassQueue<T>> classes = new EnumMap<>(RequestClass.class);
  private final DrainRate drain = new DrainRate();
  private final Next.Empty<T> empty = new Next.Empty<>();
  private long earliestExpiry = Long.MAX_VALUE;

  public ReadyQueue(QueueLimits limits) {
    this.limits = limits;
    for (RequestClass requestClass : RequestClass.values()) {
      classes.put(requestClass, new ClassQueue<>());
    }
  }

  /** Sets other limits; what waits beyond them stays. */
  public void limits(QueueLimits others) {
    limits = others;
  }

  public void offer(T request) {
    classes.get(request.requestClass()).add(request);
    earliestExpiry = Math.min(earliestExpiry, request.expiresAtMillis());
  }

  /** Offers a request that is to be run again: it stands by when it was first put into a queue. */
  public void offerAgain(T request) {
    classes.get(request.requestClass()).addAgain(request);
    earliestExpiry = Math.min(earliestExpiry, request.expiresAtMillis());
  }

  /**
   * Takes the next request out.
   *
   * @param epochMillis now, to tell whether it has expired
   * @param nanos now on a monotonic clock, to learn the drain rate
   */
  public Next<T> poll(long epochMillis, long nanos) {
    for (ClassQueue<T> queue : classes.values()) {
      T request = queue.pollFirst();
      if (request != null) {
        if (request.expiresAtMillis() <= epochMillis) {
          return new Next.Expired<>(request);
        }
        drain.count(nanos);
        return new Next.Run<>(request);
      }
    }
    return empty;
  }

  /** Counts a request that went past the queue, since an engine was free when it came. */
  public void passedThrough(long nanos) {
    drain.count(nanos);
  }

  /** Takes out every request whose time is over. */
  public List<T> expire(long epochMillis) {
    if (epochMillis < earliestExpiry) {
      return List.of();
    }
    List<T> expired = removeIf(request -> request.expiresAtMillis() <= epochMillis);
    earliestExpiry =
        classes.values().stream().mapToLong(ClassQueue::earliestExpiry).min().getAsLong();
    return expired;
  }

  /** Takes out everything a test says yes to, highest class first. */
  public List<T> removeIf(Predicate<T> test) {
    List<T> taken = new ArrayList<>();
    classes.values().forEach(queue -> taken.addAll(queue.removeIf(test)));
    return taken;
  }

  /**
   * The classes that may be fed now. A class closes at its limit and opens again at half of it, so
   * that lanes are not paused and resumed with every request. Flex and batch are closed while a
   * request of a higher class waits: what they would bring cannot start before it, and a fetch of
   * theirs would hold up the interactive lanes' next one.
   */
  public Set<RequestClass> room(long nanos) {
    int limit = limits.count(drain.perSecond(nanos));
    EnumSet<RequestClass> room = EnumSet.noneOf(RequestClass.class);
    classes.forEach(
        (requestClass, queue) -> {
          if (queue.isOpen(limit, limits.bytes())) {
            room.add(requestClass);
          }
        });
    if (size(RequestClass.PRIORITY) + size(RequestClass.STANDARD) > 0) {
      room.remove(RequestClass.FLEX);
      room.remove(RequestClass.BATCH);
    }
    return room;
  }

  public int size() {
    int size = 0;
    for (ClassQueue<T> queue : classes.values()) {
      size += queue.size();
    }
    return size;
  }

  /** Memory that all waiting requests hold, in bytes. */
  public long bytes() {
    return classes.values().stream().mapToLong(ClassQueue::bytes).sum();
  }

  public int size(RequestClass requestClass) {
    return classes.get(requestClass).size();
  }
}
