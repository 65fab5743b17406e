package io.weir.sim;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * The faults an engine has at the moment. The oldest that applies to a request is the one it meets.
 */
public final class Faults {
  /** Count of a fault that stays until it is cleared. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final int MOST = 64;
  private static final long LOOK_MILLIS = 50;

  private final List<Armed> armed = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final DoubleConsumer slowDown;

  Faults(DoubleConsumer slowDown) {
    this.slowDown = slowDown;
  }

  /**
   * A fault in force.
   *
   * @param id by which it is cleared
   * @param probability that a request meets it
   * @param remaining requests that may still meet it; {@link #UNLIMITED} until it is cleared
   */
  public record Armed(
      int id, Fault fault, double probability, AtomicInteger remaining, CountDownLatch cleared) {}

  /** Puts a fault in force until it is cleared. */
  public int add(Fault fault) {
    return add(fault, UNLIMITED, 1);
  }

  /**
   * Puts a fault in force.
   *
   * @param count how many requests meet it before it is gone
   * @param probability that a request meets it, above 0 up to 1
   * @return its id
   * @throws IllegalArgumentException if the numbers are out of range, a fault of the whole engine
   *     has a count or a probability, or there are 64 faults already
   */
  public synchronized int add(Fault fault, int count, double probability) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, is " + count);
    }
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be in (0, 1], is " + probability);
    }
    if (!(fault instanceof Fault.OfRequest) && (count != UNLIMITED || probability != 1)) {
      throw new IllegalArgumentException(
          fault.kind() + " is a fault of the whole engine: it takes no count and no probability");
    }
    if (armed.size() >= MOST) {
      throw new IllegalArgumentException("there are " + MOST + " faults already; clear some");
    }
    int id = ids.incrementAndGet();
    armed.add(new Armed(id, fault, probability, new AtomicInteger(count), new CountDownLatch(1)));
    applySlowness();
    return id;
  }

  /** Clears one fault; false if it was gone. */
  public synchronized boolean clear(int id) {
    List<Armed> matching = armed.stream().filter(one -> one.id() == id).toList();
    boolean cleared = armed.removeAll(matching);
    matching.forEach(one -> one.cleared().countDown());
    applySlowness();
    return cleared;
  }

  /** Clears every fault. */
  public synchronized void clear() {
    armed.forEach(one -> clear(one.id()));
  }

  /** The faults in force, oldest first. */
  public List<Armed> list() {
    return List.copyOf(armed);
  }

  boolean unhealthy() {
    return armed.stream().anyMatch(one -> one.fault() instanceof Fault.Unhealthy);
  }

  /** Whether every request is refused, not only some. */
  boolean refusing() {
    return armed.stream()
        .anyMatch(
            one ->
                one.fault() instanceof Fault.Refuse
                    && one.probability() == 1
                    && one.remaining().get() == UNLIMITED);
  }

  /** The fault that one request meets; counts it. */
  Optional<Armed> meet() {
    for (Armed one : armed) {
      if (one.fault() instanceof Fault.OfRequest
          && (one.probability() == 1
              || ThreadLocalRandom.current().nextDouble() < one.probability())
          && take(one)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** Waits until a fault is cleared or there is no more sense in waiting. */
  void awaitCleared(Armed fault, BooleanSupplier gone) throws InterruptedException {
    boolean cleared = false;
    while (!cleared && !gone.getAsBoolean()) {
      cleared = fault.cleared().await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * A fault that has been met as often as it may be leaves the list, but still holds who met it.
   */
  private boolean take(Armed one) {
    if (one.remaining().get() == UNLIMITED) {
      return true;
    }
    int left = one.remaining().getAndUpdate(count -> Math.max(0, count - 1));
    if (left == 1 && !(one.fault() instanceof Fault.Hang)) {
      armed.remove(one);
    }
    return left > 0;
  }

  private void applySlowness() {
    double factor = 1;
    for (Armed one : armed) {
      if (one.fault() instanceof Fault.Slow slow) {
        factor *= slow.factor();
      }
    }
    slowDown.accept(factor);
  }
}
