package io.weir.routing.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.RequestClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private static Job job(String tenant, double cost) {
    return Job.patient(RequestClass.STANDARD, tenant, cost);
  }

  private static Job serve(FairQueue<Job> queue) {
    Job job = queue.poll();
    queue.charge(job.tenant(), job.costTokens());
    return job;
  }

  @Test
  void tenantsThatAlwaysWaitGetTheSameForTheirWeightToWithinTwiceTheDearestRequest() {
    for (long seed = 0; seed < 50; seed++) {
      // Given tenants of different weights and costs that all have requests waiting all the time
      SplittableRandom random = new SplittableRandom(seed);
      Map<String, Double> weights = new HashMap<>();
      FairQueue<Job> queue = new FairQueue<>(weights::get);
      int tenants = 2 + random.nextInt(6);
      for (int t = 0; t < tenants; t++) {
        weights.put("t" + t, 1 + random.nextDouble() * 3);
        queue.add(job("t" + t, 1 + random.nextInt(1000)));
      }
      Map<String, Double> served = new HashMap<>();

      // When, and at every moment of it
      for (int i = 0; i < 500; i++) {
        String next = queue.peek().tenant();
        queue.add(job(next, 1 + random.nextInt(1000)));
        Job job = serve(queue);
        served.merge(job.tenant(), job.costTokens() / weights.get(job.tenant()), Double::sum);

        // Then
        double most = served.values().stream().mapToDouble(s -> s).max().orElseThrow();
        double least =
            served.size() < tenants
                ? 0
                : served.values().stream().mapToDouble(s -> s).min().orElseThrow();
        assertThat(most - least).as("seed %s, step %s", seed, i).isLessThanOrEqualTo(2 * 1000);
      }
    }
  }

  @Test
  void aTenantThatWasAwayHasSavedNothingUp() {
    // Given one that was served while the other had nothing
    FairQueue<Job> queue = new FairQueue<>(tenant -> 1);
    for (int i = 0; i < 200; i++) {
      queue.add(job("here", 10));
    }
    for (int i = 0; i < 100; i++) {
      serve(queue);
    }

    // When the other comes with many
    for (int i = 0; i < 100; i++) {
      queue.add(job("new", 10));
    }
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      order.add(serve(queue).tenant());
    }

    // Then they take turns from the start
    assertThat(order).filteredOn("new"::equals).hasSize(10);
  }

  @Test
  void leavingForAMomentForgivesNothing() {
    // Given a tenant that was served much and has nothing waiting now
    FairQueue<Job> queue = new FairQueue<>(tenant -> 1);
    queue.add(job("greedy", 1000));
    queue.add(job("modest", 1));
    queue.add(job("modest", 1));
    serve(queue);
    serve(queue);

    // When it comes back
    queue.add(job("greedy", 1));

    // Then the other is next
    assertThat(serve(queue).tenant()).isEqualTo("modest");
  }

  @Test
  void whatWasServedElsewhereCounts() {
    FairQueue<Job> queue = new FairQueue<>(tenant -> 1);
    queue.add(job("a", 10));
    queue.add(job("b", 10));
    queue.charge("a", 50);
    assertThat(queue.peek().tenant()).isEqualTo("b");
    queue.charge("b", 60);
    assertThat(queue.peek().tenant()).isEqualTo("a");
  }

  @Test
  void earliestDeadlineIsFirstWithinATenant() {
    FairQueue<Job> queue = new FairQueue<>(tenant -> 1);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 100; i++) {
      queue.add(Job.standard(i, random.nextLong(1_000_000)));
    }
    long before = Long.MIN_VALUE;
    while (!queue.isEmpty()) {
      long deadline = serve(queue).deadlineNanos();
      assertThat(deadline).isGreaterThanOrEqualTo(before);
      before = deadline;
    }
    assertThat(queue.tokens()).isZero();
  }

  @Test
  void whatIsTakenOutIsCountedOut() {
    FairQueue<Job> queue = new FairQueue<>(tenant -> 1);
    queue.add(job("a", 10));
    queue.add(job("b", 20));
    List<Job> taken = new ArrayList<>();
    queue.removeIf(job -> job.tenant().equals("a"), taken::add);
    assertThat(taken).extracting(Job::tenant).containsExactly("a");
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.tokens()).isEqualTo(20);
    assertThat(queue.poll().tenant()).isEqualTo("b");
  }
}
