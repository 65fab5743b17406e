package io.weir.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Configs;
import io.weir.routing.targets.ClassTargets;
import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether those who come back when they were told to are let in, in virtual time: a pool that
 * serves first in first out at a fixed rate, before it a load of 0.8, a burst of half a minute, and
 * 0.8 again.
 */
class RetryAfterTest {
  private static final double SECOND = 1e9;
  private static final double DRAIN = 20_000;
  private static final double MEAN_COST = 400;
  private static final double CALM = 0.8;
  private static final double BURST_BEGINS = 10;
  private static final double BURST_ENDS = 40;
  private static final double END = 160;

  private record Sender(double at, int tries, double cost) {}

  /** The queue as it is, which drains all the time. */
  private static final class Pool implements PoolLoad {
    private final Deque<Double> costs = new ArrayDeque<>();
    private double queued;
    private double credit;
    private double at;

    void run(Admission admission, double now) {
      credit += (now - at) * DRAIN;
      at = now;
      while (!costs.isEmpty() && costs.peekFirst() <= credit) {
        double cost = costs.removeFirst();
        credit -= cost;
        queued -= cost;
        admission.left(RequestClass.STANDARD, "tenant", cost);
      }
      if (costs.isEmpty()) {
        credit = Math.min(credit, 0);
      }
    }

    void add(double cost) {
      costs.addLast(cost);
      queued += cost;
    }

    @Override
    public double queuedTokens(RequestClass requestClass) {
      return requestClass == RequestClass.STANDARD ? Math.max(0, queued - credit) : 0;
    }

    @Override
    public double drainPerSecond() {
      return DRAIN;
    }

    @Override
    public long measuredNanos() {
      return (long) (at * SECOND);
    }
  }

  private record Outcome(int shed, int secondTries, int accepted, double longest) {
    double part() {
      return (double) accepted / secondTries;
    }
  }

  @ParameterizedTest
  @CsvSource({"1.3, 1", "1.3, 2", "1.3, 3", "1.3, 4", "1.3, 5", "1.5, 1"})
  void whoComesBackWhenToldToIsLetIn(double burst, long seed) {
    Outcome outcome = run(burst, seed);

    assertThat(outcome.shed()).isPositive();
    assertThat(outcome.part())
        .as(
            "burst %.1f seed %d: %d of %d second tries, longest Retry-After %.1f s",
            burst, seed, outcome.accepted(), outcome.secondTries(), outcome.longest())
        .isGreaterThanOrEqualTo(0.8);
  }

  private static Outcome run(double burst, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Admission admission =
        new Admission(
            Configs.defaults(AdmissionPolicy.class),
            Configs.defaults(ClassTargets.class),
            tenant -> 1);
    Pool pool = new Pool();
    PriorityQueue<Sender> arrivals = new PriorityQueue<>(Comparator.comparingDouble(Sender::at));
    arrivals(burst, random).forEach(arrivals::add);
    int shed = 0;
    int secondTries = 0;
    int accepted = 0;
    double longest = 0;
    while (!arrivals.isEmpty()) {
      Sender sender = arrivals.poll();
      pool.run(admission, sender.at());
      Verdict verdict =
          admission.decide(
              RequestClass.STANDARD,
              "tenant",
              sender.cost(),
              Duration.ofMinutes(5).toNanos(),
              pool,
              (long) (sender.at() * SECOND));
      secondTries += sender.tries() == 1 ? 1 : 0;
      switch (verdict) {
        case Verdict.Admitted admitted -> {
          pool.add(sender.cost());
          accepted += sender.tries() == 1 ? 1 : 0;
        }
        case Verdict.Shed told -> {
          shed++;
          double seconds = told.retryAfter().toNanos() / SECOND;
          longest = Math.max(longest, seconds);
          if (sender.tries() < 5) {
            arrivals.add(new Sender(sender.at() + seconds, sender.tries() + 1, sender.cost()));
          }
        }
      }
    }
    return new Outcome(shed, secondTries, accepted, longest);
  }

  private static List<Sender> arrivals(double burst, RandomGenerator random) {
    List<Sender> senders = new ArrayList<>();
    double at = 0;
    while (at < END) {
      double load = at >= BURST_BEGINS && at < BURST_ENDS ? burst : CALM;
      at += random.nextExponential() * MEAN_COST / (load * DRAIN);
      senders.add(new Sender(at, 0, MEAN_COST * (0.5 + random.nextExponential() / 2)));
    }
    return senders;
  }
}
