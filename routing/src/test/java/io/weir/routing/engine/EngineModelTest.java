package io.weir.routing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EngineModelTest {
  /** 10 ms an iteration and 1 ms a token, 4 sequences, 64 tokens an iteration, 16 blocks of 4. */
  private static final EngineProfile SMALL =
      new EngineProfile("small", new IterationCost(10, 1, 0, 0, 0, 0, 0), 4, 64, 16, 4, 0, 0, 64);

  private final EngineModel<String> engine = new EngineModel<>(SMALL);
  private final List<String> log = new ArrayList<>();

  @Test
  void firstTokenComesAtTheEndOfTheIterationWithTheLastPrefillChunk() {
    // Given a prompt of three chunks
    EngineModel<String> chunked = new EngineModel<>(SMALL.withBatch(4, 8));

    // When
    chunked.submit(0, "a", Work.unshared(20, 2));
    long end = runAll(chunked);

    // Then two chunks of 8, one of 4 with the first token, one decode
    assertThat(log).containsExactly("50 a1", "61 a2!");
    assertThat(end).isEqualTo(millis(18 + 18 + 14 + 11));
  }

  @Test
  void idleEngineBeginsAtOnceAndOthersJoinTheNextIteration() {
    // When b comes while a's prefill runs
    engine.submit(millis(5), "a", Work.unshared(4, 3));
    engine.submit(millis(6), "b", Work.unshared(6, 1));
    runAll(engine);

    // Then b's prefill shares a's second iteration
    assertThat(log).containsExactly("19 a1", "36 a2", "36 b1!", "47 a3!");
  }

  @Test
  void waitingRequestsAreServedFirstComeFirstServed() {
    // Given room for four sequences
    for (int i = 0; i < 6; i++) {
      engine.submit(0, "r" + i, Work.unshared(2, i == 0 ? 1 : 2));
    }

    // When
    runAll(engine);

    // Then
    assertThat(log.stream().filter(line -> line.endsWith("1") || line.endsWith("r01!")))
        .extracting(line -> line.substring(line.indexOf('r'), line.indexOf('r') + 2))
        .containsExactly("r0", "r1", "r2", "r3", "r4", "r5");
  }

  @Test
  void cachedPrefixIsNotComputedAgain() {
    // Given
    long[] hashes = {11, 12, 13};
    engine.submit(0, "a", new Work(14, 1, hashes));
    runAll(engine);
    log.clear();

    // When
    engine.submit(millis(100), "b", new Work(14, 1, hashes.clone()));
    runAll(engine);

    // Then only two of fourteen tokens were computed
    assertThat(log).containsExactly("112 b1!");
    assertThat(engine.signals().prefixQueries()).isEqualTo(28);
    assertThat(engine.signals().prefixHits()).isEqualTo(12);
  }

  @Test
  void wholePromptCachedStillComputesItsLastBlock() {
    long[] hashes = {1, 2};
    engine.submit(0, "a", new Work(8, 1, hashes));
    runAll(engine);

    engine.submit(millis(100), "b", new Work(8, 1, hashes));
    runAll(engine);

    assertThat(log).last().isEqualTo("114 b1!");
  }

  @Test
  void leastRecentlyUsedPrefixIsEvictedAndComesBackFromTheHost() {
    // Given a device of four blocks with a host behind it, 2 ms a token to load
    EngineModel<String> tiered =
        new EngineModel<>(
            new EngineProfile("t", new IterationCost(10, 1, 0, 0, 0, 0, 0), 4, 64, 4, 4, 8, 2, 16));
    tiered.submit(0, "a", new Work(9, 1, new long[] {1, 2}));
    runAll(tiered);
    tiered.submit(millis(100), "b", new Work(13, 1, new long[] {7, 8, 9}));
    runAll(tiered);
    log.clear();

    // When a's prefix is asked for again, which b's four blocks have pushed out
    tiered.submit(millis(200), "c", new Work(9, 1, new long[] {1, 2}));
    runAll(tiered);

    // Then one token was computed and eight loaded
    assertThat(tiered.signals().prefixHits()).isEqualTo(8);
    assertThat(log).containsExactly("227 c1!");
  }

  @Test
  void youngestIsPreemptedWhenBlocksRunOutAndStillGetsEveryToken() {
    // Given 64 tokens of cache and two requests that grow to 40 each
    engine.submit(0, "a", Work.unshared(20, 20));
    engine.submit(0, "b", Work.unshared(20, 20));

    // When
    runAll(engine);

    // Then
    assertThat(engine.signals().preemptions()).isPositive();
    assertThat(log.stream().filter(line -> line.contains("b")).count()).isEqualTo(20);
    assertThat(log.indexOf(lineWith("a20!"))).isLessThan(log.indexOf(lineWith("b20!")));
    assertThat(engine.signals().kvUsage()).isZero();
  }

  @Test
  void preemptedRequestGoesBeforeThoseThatCameLater() {
    // Given a and b of which b is preempted, and c that waits for a place
    EngineModel<String> two = new EngineModel<>(SMALL.withBatch(2, 64));
    two.submit(0, "a", Work.unshared(20, 20));
    two.submit(0, "b", Work.unshared(20, 20));
    two.submit(0, "c", Work.unshared(20, 20));

    // When
    runAll(two);

    // Then c does not slip in while b waits for a's blocks
    assertThat(two.signals().preemptions()).isPositive();
    assertThat(log.indexOf(lineWith(" c1"))).isGreaterThan(log.indexOf(lineWith(" a20!")));
    assertThat(log.indexOf(lineWith(" b20!"))).isLessThan(log.indexOf(lineWith(" c20!")));
  }

  @Test
  void prefixUsedLastStaysWhenRoomIsNeeded() {
    // Given four blocks, a's prefix used again after b's
    EngineModel<String> tight = new EngineModel<>(SMALL.withCache(4, 4, 0));
    tight.submit(0, "a", new Work(5, 1, new long[] {1}));
    runAll(tight);
    tight.submit(millis(100), "b", new Work(5, 1, new long[] {2}));
    runAll(tight);
    tight.submit(millis(200), "a", new Work(5, 1, new long[] {1}));
    runAll(tight);

    // When three more blocks are needed
    tight.submit(millis(300), "c", Work.unshared(9, 1));
    runAll(tight);

    // Then a's is there and b's is not
    long before = tight.signals().prefixHits();
    tight.submit(millis(400), "a", new Work(5, 1, new long[] {1}));
    runAll(tight);
    assertThat(tight.signals().prefixHits() - before).isEqualTo(4);
    tight.submit(millis(500), "b", new Work(5, 1, new long[] {2}));
    runAll(tight);
    assertThat(tight.signals().prefixHits() - before).isEqualTo(4);
  }

  @Test
  void cancelledRequestFreesItsPlace() {
    // Given
    Ticket<String> running = engine.submit(0, "a", Work.unshared(4, 50));
    Ticket<String> waiting = engine.submit(0, "b", Work.unshared(4, 50));

    // When
    assertThat(engine.cancel(running)).isTrue();
    assertThat(engine.cancel(waiting)).isTrue();
    assertThat(engine.cancel(waiting)).isFalse();
    runAll(engine);

    // Then
    assertThat(log).isEmpty();
    assertThat(engine.signals().running() + engine.signals().waiting()).isZero();
    assertThat(engine.signals().kvUsage()).isZero();
    assertThat(engine.iterationEnd()).isEqualTo(EngineModel.IDLE);
  }

  @Test
  void slowDownStretchesIterationsThatBeginLater() {
    engine.submit(0, "a", Work.unshared(1, 2));
    engine.slowDown(3);
    runAll(engine);

    assertThat(log).containsExactly("11 a1", "44 a2!");
  }

  @Test
  void workThatCanNeverFitIsRefused() {
    assertThat(engine.fits(Work.unshared(60, 4))).isTrue();
    assertThat(engine.fits(Work.unshared(60, 5))).isFalse();
    assertThatThrownBy(() -> engine.submit(0, "a", Work.unshared(60, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("60 + 5");
  }

  private String lineWith(String end) {
    return log.stream().filter(line -> line.endsWith(end)).findFirst().orElseThrow();
  }

  private long runAll(EngineModel<String> model) {
    long end = 0;
    while (model.iterationEnd() != EngineModel.IDLE) {
      end = model.iterationEnd();
      long at = end / 1_000_000;
      model.endIteration(
          (request, tokens, last) -> log.add(at + " " + request + tokens + (last ? "!" : "")));
    }
    return end;
  }

  private static long millis(long count) {
    return LongStream.of(count).map(c -> c * 1_000_000).sum();
  }
}
