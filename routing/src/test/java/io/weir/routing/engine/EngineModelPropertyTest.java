package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random work, prefixes and cancellations on a small engine that preempts and evicts a lot. */
class EngineModelPropertyTest {
  private static final EngineProfile SMALL =
      new EngineProfile(
          "small", new IterationCost(5, .1, 1, .2, .01, .001, 1), 6, 32, 40, 4, 0, .1, 160);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyRequestGetsItsTokensInOrderAndNothingLeaks(long seed) {
    for (int hostBlocks : List.of(0, 30)) {
      Run run = new Run(seed, SMALL.withCache(40, 4, hostBlocks));
      run.play();

      assertThat(run.wrong).as("seed %d", seed).isEmpty();
      assertThat(run.engine.signals().kvUsage()).isZero();
      assertThat(run.engine.signals().running() + run.engine.signals().waiting()).isZero();
      run.cancelled.forEach(run.received::remove);
      run.wanted.forEach(
          (id, tokens) ->
              assertThat(run.received.get(id))
                  .as("seed %d request %d", seed, id)
                  .isEqualTo(tokens));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void sameInputGivesSameEvents(long seed) {
    Run first = new Run(seed, SMALL);
    Run second = new Run(seed, SMALL);

    first.play();
    second.play();

    assertThat(first.events).isEqualTo(second.events).isNotEmpty();
    assertThat(first.engine.signals()).isEqualTo(second.engine.signals());
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void firstTokensComeInOrderOfArrivalWhenNothingIsPreempted(long seed) {
    // Given room for everything
    Run run = new Run(seed, SMALL.withCache(4000, 4, 0));

    // When
    run.play();

    // Then, within one iteration and across them
    assertThat(run.engine.signals().preemptions()).isZero();
    List<Integer> order = new ArrayList<>(run.firstTokens);
    order.removeAll(run.cancelled);
    assertThat(order).isSorted();
  }

  private static final class Run {
    final Random random;
    final EngineModel<Integer> engine;
    final Map<Integer, Integer> wanted = new HashMap<>();
    final Map<Integer, Integer> received = new HashMap<>();
    final List<Integer> cancelled = new ArrayList<>();
    final List<Integer> firstTokens = new ArrayList<>();
    final List<String> wrong = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    long now;

    Run(long seed, EngineProfile profile) {
      random = new Random(seed);
      engine = new EngineModel<>(profile);
    }

    void play() {
      Map<Integer, Ticket<Integer>> tickets = new HashMap<>();
      for (int id = 0; id < 300; id++) {
        long arrival = now + random.nextInt(20_000_000);
        while (engine.iterationEnd() <= arrival) {
          step();
        }
        now = arrival;
        Work work = work();
        wanted.put(id, work.outputTokens());
        tickets.put(id, engine.submit(now, id, work));
        int victim = random.nextInt(300);
        if (victim < id && random.nextInt(4) == 0 && engine.cancel(tickets.get(victim))) {
          cancelled.add(victim);
          wanted.remove(victim);
        }
      }
      while (engine.iterationEnd() != EngineModel.IDLE) {
        step();
      }
    }

    private Work work() {
      int prompt = 1 + random.nextInt(100);
      long[] hashes = new long[random.nextInt(prompt / 4 + 1)];
      long chain = random.nextInt(4);
      for (int i = 0; i < hashes.length; i++) {
        chain = Mix.mix(chain + i);
        hashes[i] = chain;
      }
      return new Work(prompt, 1 + random.nextInt(40), hashes);
    }

    private void step() {
      long end = engine.iterationEnd();
      if (end < now) {
        wrong.add("time went back from " + now + " to " + end);
      }
      now = end;
      engine.endIteration(
          (id, tokens, last) -> {
            events.add(end + " " + id + " " + tokens);
            if (tokens == 1) {
              firstTokens.add(id);
            }
            int before = received.merge(id, 1, Integer::sum);
            if (before != tokens) {
              wrong.add("request " + id + " got token " + tokens + " after " + (before - 1));
            }
            if (last != (tokens == wanted.getOrDefault(id, -1))) {
              wrong.add("request " + id + " ended wrongly at " + tokens);
            }
          });
      if (engine.signals().kvUsage() > 1) {
        wrong.add("more blocks in use than there are");
      }
    }
  }
}
