package io.weir.routing.replay;

import io.weir.routing.hash.Hashing;
import io.weir.routing.order.FirstToken;
import io.weir.schemas.RequestClass;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A threshold on (class, user) that moves each second: down until 5 % fewer would have been
 * admitted if the mean wait was above the limit, else up by 1 %.
 */
final class DagorDiscipline implements Discipline {
  private static final int USERS = 128;
  private static final List<RequestClass> CLASSES = List.of(RequestClass.values());
  private static final int LEVELS = CLASSES.size() * USERS;
  private static final long WINDOW_NANOS = 1_000_000_000;
  private static final int WINDOW_REQUESTS = 2000;
  private static final long OVERLOAD_WAIT_NANOS = 500_000_000;
  private static final double DOWN = 0.05;
  private static final double UP = 0.01;

  private final FifoDiscipline queue = FifoDiscipline.central();
  private final int[] arrivals = new int[LEVELS];
  private int arrived;
  private int admitted;
  private int threshold = LEVELS - 1;
  private long windowStart;
  private double waited;
  private int sent;

  @Override
  public Filling filling() {
    return Filling.LIMITED;
  }

  @Override
  public boolean arrive(OverloadRequest request, long now) {
    if (now - windowStart >= WINDOW_NANOS || arrived >= WINDOW_REQUESTS) {
      adjust();
      windowStart = now;
    }
    int user = Math.floorMod(Hashing.of("user-" + request.live.index), USERS);
    int level = CLASSES.indexOf(request.requestClass()) * USERS + user;
    arrivals[level]++;
    arrived++;
    if (level > threshold) {
      return false;
    }
    admitted++;
    return queue.arrive(request, now);
  }

  @Override
  public Optional<OverloadRequest> next(
      long now, FirstToken<OverloadRequest> firstToken, Dropped dropped) {
    Optional<OverloadRequest> next =
        queue.next(now, firstToken, request -> drop(request, now, dropped));
    next.ifPresent(request -> count(request, now));
    return next;
  }

  private void drop(OverloadRequest request, long now, Dropped dropped) {
    count(request, now);
    dropped.drop(request);
  }

  private void count(OverloadRequest request, long now) {
    waited += request.waited(now);
    sent++;
  }

  private void adjust() {
    boolean overloaded = sent > 0 && waited / sent > OVERLOAD_WAIT_NANOS;
    double wanted = overloaded ? admitted * (1 - DOWN) : admitted + arrived * UP;
    int sum = 0;
    int level = -1;
    while (level < LEVELS - 1 && sum + arrivals[level + 1] <= wanted) {
      level++;
      sum += arrivals[level];
    }
    threshold = Math.max(0, level);
    Arrays.fill(arrivals, 0);
    arrived = 0;
    admitted = 0;
    waited = 0;
    sent = 0;
  }
}
