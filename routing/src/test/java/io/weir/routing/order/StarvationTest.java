package io.weir.routing.order;

import static io.weir.routing.order.Job.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Virtual time: one pool, priority that offers all it can serve or more, and classes below that
 * always have something waiting.
 *
 * <p>The bound on a batch request's wait. While priority waits, those below get {@code floor × D}
 * of the pool's D tokens per second, and batch gets 1 of 21 parts of that. So once Q tokens wait in
 * it, the request itself included, that one is served when the others have had 20 times as much as
 * stands before it: what waits, and the batch request that was served last, at most a dearest one
 * of C tokens, for which batch still stands back: {@code 21 (Q + C) / (floor × D)}. To that come
 * what the order may be off by: a dearest request each of standard and flex that went ahead, one
 * that the floor had lent, and the one being served, {@code 3 C / (floor × D) + C / D}. When
 * priority does not wait, or standard is not held back, batch gets more.
 */
class StarvationTest {
  private static final ClassTargets TARGETS = Configs.defaults(ClassTargets.class);
  private static final double DRAIN = 10_000;
  private static final int DEAREST = 2_000;
  private static final double SECONDS = 900;
  private static final int SEEDS = 10;

  /** A request that is on its way. */
  private record Arrival(long at, Job job) {}

  /** What a run came to. */
  private static final class Seen {
    double all;
    double below;
    double worst;
    int batch;
  }

  @ParameterizedTest(name = "priority offers {0} of the pool, the floor is {1}")
  @CsvSource({"1, 0.05", "1.5, 0.05", "1.5, 0.2", "10, 0.05"})
  void theFloorHoldsAndNoBatchRequestWaitsBeyondIt(double offered, double floor) {
    double most = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Seen seen = run(offered, floor, seed);
      assertThat(seen.below / seen.all)
          .as("part of what was served while priority waited, seed %d", seed)
          .isGreaterThan(floor - 0.005);
      assertThat(seen.batch).as("batch requests served, seed %d", seed).isGreaterThan(10);
      assertThat(seen.worst).as("wait against its bound, seed %d", seed).isLessThanOrEqualTo(1);
      most = Math.max(most, seen.worst);
    }
    System.out.printf(
        "starvation: priority %.1f, floor %.2f, seeds 0 to %d: worst wait %.2f of its bound%n",
        offered, floor, SEEDS - 1, most);
  }

  private static Seen run(double offered, double floor, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ReadyOrder<Job> order =
        new ReadyOrder<>(new ClassShares(floor, 16, 4, 1), TARGETS, tenant -> 1);
    PriorityQueue<Arrival> coming =
        new PriorityQueue<>((one, other) -> Long.compare(one.at(), other.at()));
    double below = floor * DRAIN;
    coming.addAll(arrivals(RequestClass.PRIORITY, offered * DRAIN, random));
    coming.addAll(arrivals(RequestClass.STANDARD, 2 * below, random));
    coming.addAll(arrivals(RequestClass.FLEX, below, random));
    coming.addAll(arrivals(RequestClass.BATCH, below / 21, random));
    List<Job> batch = new ArrayList<>();
    List<Double> bounds = new ArrayList<>();
    Seen seen = new Seen();
    long now = 0;
    while (now < SECONDS * SECOND) {
      while (!coming.isEmpty() && coming.peek().at() <= now) {
        Job job = coming.poll().job();
        order.offer(job);
        if (job.requestClass() == RequestClass.BATCH) {
          batch.add(job);
          bounds.add(bound(order.tokens(RequestClass.BATCH), floor));
        }
      }
      boolean contended = order.size(RequestClass.PRIORITY) > 0;
      switch (order.poll(now, request -> 0)) {
        case Turn.Run<Job>(Job job, var waited) -> {
          seen.all += contended ? job.costTokens() : 0;
          seen.below +=
              contended && job.requestClass() != RequestClass.PRIORITY ? job.costTokens() : 0;
          if (job.requestClass() == RequestClass.BATCH) {
            int index = batch.indexOf(job);
            seen.worst = Math.max(seen.worst, waited / (double) SECOND / bounds.get(index));
            seen.batch++;
            batch.remove(index);
            bounds.remove(index);
          }
          now += Math.round(job.costTokens() / DRAIN * SECOND);
        }
        case Turn.Drop<Job> dropped ->
            assertThat(dropped.request().requestClass())
                .as("what may be dropped")
                .isIn(RequestClass.PRIORITY, RequestClass.STANDARD);
        case Turn.Empty<Job> empty -> now = Math.max(now + 1, coming.peek().at());
      }
    }
    for (int i = 0; i < batch.size(); i++) {
      double waited = (now - batch.get(i).enqueuedNanos()) / (double) SECOND;
      seen.worst = Math.max(seen.worst, waited / bounds.get(i));
    }
    return seen;
  }

  private static double bound(double queuedTokens, double floor) {
    return (21 * (queuedTokens + DEAREST) + 3 * DEAREST) / (floor * DRAIN) + DEAREST / DRAIN;
  }

  /** Poisson arrivals of requests of 50 tokens to the dearest, at a rate in tokens per second. */
  private static List<Arrival> arrivals(
      RequestClass requestClass, double tokensPerSecond, SplittableRandom random) {
    List<Arrival> arrivals = new ArrayList<>();
    double perSecond = tokensPerSecond / ((50 + DEAREST) / 2.0);
    double at = 0;
    while (at < SECONDS + 10) {
      at -= Math.log(1 - random.nextDouble()) / perSecond;
      long nanos = Math.round(at * SECOND);
      boolean watched = requestClass == RequestClass.PRIORITY;
      long deadline =
          watched ? nanos + TARGETS.ttft(requestClass).toNanos() : nanos + 86_400 * SECOND;
      double cost = 50 + random.nextInt(DEAREST - 50);
      arrivals.add(new Arrival(nanos, new Job(requestClass, "t", cost, nanos, deadline)));
    }
    return arrivals;
  }
}
