package io.weir.routing.prefix;

import io.weir.routing.hash.Hashing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Splits the keys of one lane that are too much for one partition. A key's fair share is the
 * traffic of the lane divided by its partitions; a key of more than {@value #BOUND} times that is
 * split into as few pieces as bring each below it. Which piece a request belongs to is settled by
 * weighted rendezvous of its companion (what it has in common with fewer requests, such as its
 * session), so that one more piece moves few companions; a piece that is itself above the bound
 * hands its requests on to the next in their order (bounded loads: Mirrokni, Thorup, Zadimoghaddam
 * 2018).
 *
 * <p>Shares are those of about the last {@value #HALF_LIFE_SECONDS} seconds. Memory is fixed, and
 * it is safe for use by several threads.
 */
public final class KeySalting {
  /** How much of a fair share a key may be: little to move, and within a quarter of even. */
  static final double BOUND = 1.25;

  static final long HALF_LIFE_SECONDS = 10;

  /** A key seen less often of late is no burden to anyone, whatever part of a quiet lane it is. */
  static final int MIN_COUNT = 32;

  private static final long HALF_LIFE_NANOS = Duration.ofSeconds(HALF_LIFE_SECONDS).toNanos();

  /** After this many half-lives nothing is left of a count. */
  private static final long FORGOTTEN = 31;

  private final int partitions;
  private final LongSupplier nanoClock;
  private final KeySketch sketch = new KeySketch();
  private final AtomicInteger total = new AtomicInteger();
  private final AtomicLong halvedAt;

  /**
   * Nothing seen yet.
   *
   * @param partitions of the lane, at least 1
   * @param nanoClock monotonic, in nanoseconds
   */
  public KeySalting(int partitions, LongSupplier nanoClock) {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions must be at least 1, is " + partitions);
    }
    this.partitions = partitions;
    this.nanoClock = nanoClock;
    this.halvedAt = new AtomicLong(nanoClock.getAsLong());
  }

  /**
   * Counts a request's key.
   *
   * @return into how many pieces it is to be split, from 1 to the number of partitions; where it is
   *     1 nothing else is to be called
   */
  public int pieces(long key) {
    forget();
    int all = total.incrementAndGet();
    int count = sketch.add(key);
    if (count < MIN_COUNT) {
      return 1;
    }
    return (int) Math.min(partitions, Math.ceil((double) count * partitions / (BOUND * all)));
  }

  /**
   * Chooses the piece of a request whose key is split, and counts it there.
   *
   * @param pieces what {@link #pieces} said
   * @param companion hash of what it has in common with fewer requests
   * @return from 0 to {@code pieces - 1}
   */
  public int salt(long key, int pieces, long companion) {
    double bound = BOUND * total.get() / partitions;
    long tried = 0;
    int least = 0;
    int leastCount = Integer.MAX_VALUE;
    for (int round = 0; round < Math.min(pieces, Long.SIZE); round++) {
      int piece = nearest(Math.min(pieces, Long.SIZE), companion, tried);
      tried |= 1L << piece;
      int count = sketch.count(pieceOf(key, piece));
      if (count < leastCount) {
        least = piece;
        leastCount = count;
      }
      if (count < bound) {
        least = piece;
        break;
      }
    }
    sketch.add(pieceOf(key, least));
    return least;
  }

  private static int nearest(int pieces, long companion, long tried) {
    int best = -1;
    long bestRank = 0;
    for (int piece = 0; piece < pieces; piece++) {
      long rank = Hashing.mix(companion ^ Hashing.mix(piece));
      if ((tried & 1L << piece) == 0 && (best < 0 || rank < bestRank)) {
        best = piece;
        bestRank = rank;
      }
    }
    return best;
  }

  private static long pieceOf(long key, int piece) {
    return Hashing.mix(key) + piece;
  }

  private void forget() {
    long last = halvedAt.get();
    long halvings = (nanoClock.getAsLong() - last) / HALF_LIFE_NANOS;
    if (halvings > 0 && halvedAt.compareAndSet(last, last + halvings * HALF_LIFE_NANOS)) {
      for (long i = 0; i < Math.min(halvings, FORGOTTEN); i++) {
        sketch.halve();
        total.updateAndGet(count -> count >> 1);
      }
    }
  }
}
