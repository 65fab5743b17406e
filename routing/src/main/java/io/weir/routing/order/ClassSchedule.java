package io.weir.routing.order;

import io.weir.schemas.RequestClass;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which class is next: priority strictly, the others by weight. A class is held while it has to
 * stand back, for priority or for a brown-out. Every token served to a class that is not held earns
 * the held ones a part of a token, and when they have earned one, they are served: so a floor
 * remains for everything below. Among the lower classes it is the one that was served least for its
 * weight; one that had nothing waiting is lifted to the least of those that had.
 *
 * <p>The floor is exact but for one request: what held classes have earned beyond one is lost while
 * none of them waits, and a dear request is paid for before the next.
 */
final class ClassSchedule {
  private final ClassShares shares;
  private final Map<RequestClass, Double> served = new EnumMap<>(RequestClass.class);
  private final Set<RequestClass> before = EnumSet.noneOf(RequestClass.class);
  private double earned;

  ClassSchedule(ClassShares shares) {
    this.shares = shares;
    for (RequestClass each : RequestClass.values()) {
      served.put(each, 0.0);
    }
  }

  /**
   * The class to serve.
   *
   * @param waiting classes with something waiting
   * @param paused of them, those that get no more than the floor
   */
  Optional<RequestClass> next(Set<RequestClass> waiting, Set<RequestClass> paused) {
    lift(waiting);
    boolean priority = waiting.contains(RequestClass.PRIORITY);
    Optional<RequestClass> held = least(waiting, priority ? waiting : paused);
    if (held.isEmpty()) {
      earned = Math.min(earned, 0);
    } else if (earned > 0) {
      return held;
    }
    if (priority) {
      return Optional.of(RequestClass.PRIORITY);
    }
    Optional<RequestClass> best = Optional.empty();
    for (RequestClass each : waiting) {
      if (!paused.contains(each) && (best.isEmpty() || behind(each, best.get()))) {
        best = Optional.of(each);
      }
    }
    return best;
  }

  /**
   * A class was served.
   *
   * @param tokens what was served
   * @param waiting classes with something waiting before
   * @param paused those that get no more than the floor
   */
  void served(
      RequestClass requestClass,
      double tokens,
      Set<RequestClass> waiting,
      Set<RequestClass> paused) {
    if (requestClass != RequestClass.PRIORITY) {
      served.merge(requestClass, tokens / shares.weight(requestClass), Double::sum);
    }
    boolean priority = waiting.contains(RequestClass.PRIORITY);
    if (requestClass != RequestClass.PRIORITY && (priority || paused.contains(requestClass))) {
      earned -= tokens;
    } else if (least(waiting, priority ? waiting : paused).isPresent()) {
      earned += tokens * shares.floor() / (1 - shares.floor());
    }
  }

  private Optional<RequestClass> least(Set<RequestClass> waiting, Set<RequestClass> among) {
    Optional<RequestClass> least = Optional.empty();
    for (RequestClass each : waiting) {
      if (each != RequestClass.PRIORITY
          && among.contains(each)
          && (least.isEmpty() || behind(each, least.get()))) {
        least = Optional.of(each);
      }
    }
    return least;
  }

  private boolean behind(RequestClass one, RequestClass other) {
    return served.get(one) < served.get(other);
  }

  private void lift(Set<RequestClass> waiting) {
    double least = Double.POSITIVE_INFINITY;
    for (RequestClass each : waiting) {
      if (each != RequestClass.PRIORITY && before.contains(each)) {
        least = Math.min(least, served.get(each));
      }
    }
    for (RequestClass each : waiting) {
      if (!before.contains(each) && least < Double.POSITIVE_INFINITY) {
        served.merge(each, least, Math::max);
      }
    }
    before.clear();
    before.addAll(waiting);
  }
}
