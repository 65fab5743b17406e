package io.weir.routing.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharedBucketTest {
  private static final long MILLI = 1_000_000;
  private static final long BEAT = 500 * MILLI;

  @Test
  void whoIsAloneHasAnOrdinaryTokenBucket() {
    // Given
    SharedBucket bucket = new SharedBucket(60, 10, BEAT, 0);

    // When
    int taken = takeAll(bucket, 0);

    // Then
    assertThat(taken).isEqualTo(10);
    assertThat(bucket.waitNanos(1, 0)).isBetween(999 * MILLI, 1001 * MILLI);
    assertThat(takeAll(bucket, 3_000 * MILLI)).isEqualTo(3);
  }

  @Test
  void aRequestLargerThanTheBurstWaitsForAFullBucketAndOverdrawsIt() {
    // Given
    SharedBucket bucket = new SharedBucket(600, 100, BEAT, 0);

    // When
    long first = bucket.waitNanos(250, 0);
    bucket.take(250, 0);

    // Then
    assertThat(first).isZero();
    assertThat(bucket.waitNanos(1, 0)).isBetween(15_000 * MILLI, 15_200 * MILLI);
  }

  @Test
  void correctionsCount() {
    // Given
    SharedBucket bucket = new SharedBucket(60, 10, BEAT, 0);
    bucket.take(10, 0);

    // When
    bucket.correct(-4, 0);

    // Then
    assertThat(bucket.remaining(0)).isEqualTo(4);
    assertThat(bucket.resetNanos(0)).isEqualTo(6_000 * MILLI);
  }

  @Test
  void whatOthersHoldIsNotUsed() {
    // Given
    SharedBucket bucket = new SharedBucket(60, 10, BEAT, 0);

    // When
    double held = bucket.beat(4, 0.5, false, 0);

    // Then
    assertThat(held).isEqualTo(3);
    assertThat(takeAll(bucket, 0)).isEqualTo(3);
  }

  @Test
  void aSmallLimitCanBeUsedAtEveryInstance() {
    // Given
    SharedBucket bucket = new SharedBucket(3, 1, BEAT, 0);
    bucket.beat(0, 0.5, false, 0);

    // When
    int taken = takeAll(bucket, 0);

    // Then
    assertThat(taken).isEqualTo(1);
  }

  /** Whatever the order of beats, the delays and who sends, the bound of the class holds. */
  @Test
  void theLevelNeverPassesTheBurstByMoreThanTheBound() {
    for (long seed = 1; seed <= 3000; seed++) {
      // Given
      Random random = new Random(seed);
      int instances = 2 + random.nextInt(6);
      double perMinute = 6 * Math.pow(10, 4 * random.nextDouble());
      double burst = Math.max(1, perMinute / 6);
      double delay = random.nextDouble();
      Simulation simulation =
          new Simulation(random, instances, perMinute, burst, (long) (delay * BEAT));

      // When
      double over = simulation.run(40_000 * MILLI) - burst;

      // Then
      assertThat(over)
          .as("seed %d, %d instances, burst %.1f, delay %.2f beats", seed, instances, burst, delay)
          .isLessThanOrEqualTo(2 * burst * delay + 2 * (instances - 1) + 1e-6);
    }
  }

  /** Nothing is lost either: who sends at one instance only gets what the limit gives. */
  @Test
  void oneInstanceGetsTheWholeRate() {
    // Given
    SharedBucket bucket = new SharedBucket(600, 100, BEAT, 0);
    takeAll(bucket, 0);
    int taken = 0;

    // When: another instance is there, and idle
    for (long now = 0; now < 60_000 * MILLI; now += 10 * MILLI) {
      if (now % BEAT == 0) {
        bucket.beat(0, Shares.of(2, 1, true), false, now);
      }
      taken += takeAll(bucket, now);
    }

    // Then
    assertThat(taken).isBetween(590, 610);
  }

  private static int takeAll(SharedBucket bucket, long now) {
    int taken = 0;
    while (bucket.waitNanos(1, now) == 0) {
      bucket.take(1, now);
      taken++;
    }
    return taken;
  }

  /** Instances that beat at their own times and hear of each other late. */
  private static final class Simulation {
    private static final long STEP = 10 * MILLI;
    private static final long IDLE = 10_000 * MILLI;

    private record Beat(int from, boolean serves, double used, double held, long heardAt) {}

    private static final class Instance {
      final SharedBucket bucket;
      final long phase;
      double used;
      final double[] othersUsed;
      final double[] othersHeld;
      final boolean[] othersActive;
      final Deque<Beat> incoming = new ArrayDeque<>();
      boolean known;
      long lastUse = -IDLE - 1;

      Instance(SharedBucket bucket, long phase, int others) {
        this.bucket = bucket;
        this.phase = phase;
        this.othersUsed = new double[others];
        this.othersHeld = new double[others];
        this.othersActive = new boolean[others];
      }
    }

    private final Random random;
    private final List<Instance> all = new ArrayList<>();
    private final double perNano;
    private final long delay;
    private double level;

    Simulation(Random random, int count, double perMinute, double burst, long delay) {
      this.random = random;
      this.perNano = perMinute / 60e9;
      this.delay = delay;
      for (int i = 0; i < count; i++) {
        SharedBucket bucket = new SharedBucket(perMinute, burst, BEAT, 0);
        all.add(new Instance(bucket, random.nextLong(BEAT / STEP) * STEP, count));
      }
    }

    /** The highest level there was, of a bucket that all draw from. */
    double run(long until) {
      double highest = 0;
      boolean[] busy = new boolean[all.size()];
      for (long now = 0; now < until; now += STEP) {
        level = Math.max(0, level - STEP * perNano);
        if (now % (100 * STEP) == 0) {
          boolean idle = random.nextInt(4) == 0;
          for (int i = 0; i < busy.length; i++) {
            busy[i] = !idle && random.nextInt(3) > 0;
          }
        }
        for (int i = 0; i < all.size(); i++) {
          hear(all.get(i), now);
          if (now % BEAT == all.get(i).phase) {
            beat(i, now);
          }
        }
        for (int i = 0; i < all.size(); i++) {
          if (busy[i]) {
            Instance instance = all.get(i);
            if (instance.lastUse < now - IDLE) {
              hold(i, now);
            }
            instance.lastUse = now;
            int taken = takeAll(all.get(i).bucket, now);
            all.get(i).used += taken;
            level += taken;
          }
        }
        highest = Math.max(highest, level);
      }
      return highest;
    }

    private void hear(Instance instance, long now) {
      while (!instance.incoming.isEmpty() && instance.incoming.peek().heardAt() <= now) {
        Beat beat = instance.incoming.poll();
        instance.bucket.heard(beat.used() - instance.othersUsed[beat.from()], now);
        instance.othersUsed[beat.from()] = beat.used();
        instance.othersHeld[beat.from()] = beat.held();
        instance.othersActive[beat.from()] = beat.serves();
      }
    }

    /** Who did not serve the tenant says nothing of it. */
    private void beat(int index, long now) {
      Instance instance = all.get(index);
      boolean serves = instance.lastUse >= now - IDLE;
      double mine = !serves ? 0 : instance.known ? hold(index, now) : instance.bucket.held();
      instance.known = serves;
      // A log keeps the order.
      for (int i = 0; i < all.size(); i++) {
        if (i != index) {
          all.get(i).incoming.add(new Beat(index, serves, instance.used, mine, now + delay));
        }
      }
    }

    private double hold(int index, long now) {
      Instance instance = all.get(index);
      double held = 0;
      int active = 0;
      for (int i = 0; i < all.size(); i++) {
        held += instance.othersHeld[i];
        active += instance.othersActive[i] ? 1 : 0;
      }
      double share = Shares.of(all.size(), active, instance.known);
      return instance.bucket.beat(held, share, false, now);
    }
  }
}
