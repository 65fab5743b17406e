package io.weir.routing.pick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.pick.PickResult.Picked;
import io.weir.routing.prefix.PromptBlocks;
import io.weir.schemas.Candidate;
import io.weir.schemas.Decision;
import io.weir.schemas.Exclusion;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeastCostTest {
  private static final int PROMPT_BYTES = 8 * 1024;

  private static PickRequest request(long content) {
    byte[] body = new byte[PROMPT_BYTES];
    new SplittableRandom(content).nextBytes(body);
    return new PickRequest(
        "s" + content, PromptBlocks.of(body, 0, body.length), PROMPT_BYTES / 4, 200);
  }

  private static PickRequest plain(int i) {
    return new PickRequest("id-" + i, PromptBlocks.NONE, 500, 200);
  }

  private static Picked<TestEngine> pick(
      EnginePicker picker, List<TestEngine> engines, PickRequest request, long seed) {
    return (Picked<TestEngine>) picker.pick(engines, request, seed);
  }

  private static EnginePicker picker() {
    return new EnginePicker(PickPolicy.LEAST_COST);
  }

  private static List<TestEngine> pool(double... weights) {
    List<TestEngine> engines = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      engines.add(new TestEngine("engine-" + i, weights[i], 10_000));
    }
    return engines;
  }

  private static Map<String, Double> parts(Decision decision, String engine) {
    return decision.getCandidates().stream()
        .filter(candidate -> candidate.getEngine().equals(engine))
        .findFirst()
        .orElseThrow()
        .getParts();
  }

  /** Half of the sum of differences between shares and weights. */
  private static double totalVariation(List<TestEngine> engines, Map<String, Integer> picks) {
    double weights = engines.stream().mapToDouble(TestEngine::weight).sum();
    double all = picks.values().stream().mapToInt(Integer::intValue).sum();
    double distance = 0;
    for (TestEngine engine : engines) {
      distance +=
          Math.abs(picks.getOrDefault(engine.id(), 0) / all - engine.weight() / weights) / 2;
    }
    return distance;
  }

  @Test
  void sharesFollowTheWeightsWhereScoresAreLevel() {
    for (long seed = 0; seed < 10; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] weights = new double[random.nextInt(2, 30)];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = random.nextDouble(0.05, 1);
      }
      List<TestEngine> engines = pool(weights);
      EnginePicker picker = picker();
      Map<String, Integer> picks = new HashMap<>();
      for (int i = 0; i < 20_000; i++) {
        picks.merge(
            pick(picker, engines, plain(i), random.nextLong()).engine().id(), 1, Integer::sum);
      }
      assertThat(totalVariation(engines, picks)).as("seed %d", seed).isLessThan(0.02);
    }
  }

  @Test
  void busySharesFollowTheWeightsOfEnginesThatAreAsTheyAreWeighted() {
    // Given requests that hold a place for a while, on engines of which only the weight is known
    List<TestEngine> engines = pool(3, 1, 1, 2);
    engines.forEach(engine -> engine.cost = EngineCost.guess(engine.weight() * 4 / 7));
    EnginePicker picker = picker();
    SplittableRandom random = new SplittableRandom(3);
    Map<String, Integer> picks = new HashMap<>();
    List<TestEngine> running = new ArrayList<>();

    // When
    for (int i = 0; i < 20_000; i++) {
      TestEngine engine = pick(picker, engines, plain(i), random.nextLong()).engine();
      engine.inFlight++;
      running.add(engine);
      picks.merge(engine.id(), 1, Integer::sum);
      if (running.size() > 200) {
        running.remove(random.nextInt(running.size())).inFlight--;
      }
    }

    // Then
    assertThat(totalVariation(engines, picks)).isLessThan(0.02);
  }

  @Test
  void aConversationStaysWhereItsPrefixIs() {
    List<TestEngine> engines = pool(1, 1, 1, 1, 1, 1, 1, 1);
    EnginePicker picker = picker();
    for (int conversation = 0; conversation < 50; conversation++) {
      Picked<TestEngine> first = pick(picker, engines, request(conversation), 1);
      Picked<TestEngine> again = pick(picker, engines, request(conversation), 2);
      assertThat(again.engine()).isEqualTo(first.engine());
      assertThat(first.uncachedTokens()).isEqualTo(PROMPT_BYTES / 4);
      assertThat(again.uncachedTokens()).isZero();
      assertThat(parts(again.decision(), again.engine().id())).containsEntry("prefill", 0.0);
    }
  }

  @Test
  void aPrefixIsGivenUpWhenWaitingForItCostsMoreThanItSaves() {
    // Given
    List<TestEngine> engines = pool(1, 1, 1);
    EnginePicker picker = picker();
    TestEngine holder = pick(picker, engines, request(1), 1).engine();

    // When many tokens wait there, each as long as one of this prompt's would take to compute
    holder.pendingPromptTokens = 30_000;

    // Then
    assertThat(pick(picker, engines, request(1), 2).engine()).isNotEqualTo(holder);
  }

  @Test
  void whatAnEngineLostIsNotCountedOn() {
    List<TestEngine> engines = pool(1, 1, 1);
    EnginePicker picker = picker();
    TestEngine holder = pick(picker, engines, request(1), 1).engine();
    picker.cacheLost(holder);
    assertThat(pick(picker, engines, request(1), 2).uncachedTokens()).isEqualTo(2048);
  }

  @Test
  void aPromptNobodyHoldsGoesWhereAnotherDispatcherWouldSendIt() {
    // Given two dispatchers of many level engines
    List<TestEngine> engines = pool(new SplittableRandom(1).doubles(40, 0.5, 2).toArray());
    int same = 0;
    for (int i = 0; i < 500; i++) {
      PickRequest request = request(i);
      Candidate one =
          pick(picker(), engines, request, 2L * i).decision().getCandidates().getFirst();
      Candidate two =
          pick(picker(), engines, request, 2L * i + 1).decision().getCandidates().getFirst();
      same += one.getEngine().equals(two.getEngine()) ? 1 : 0;
    }
    assertThat(same).isEqualTo(500);
  }

  @Test
  void aSlowEngineIsAvoidedWhateverItsWeight() {
    // Given an engine that has half of the weight and takes three times as long as its model says
    List<TestEngine> engines = pool(5, 1, 1, 1, 1, 1);
    engines.getFirst().cost = EngineCost.UNKNOWN.withSlowdown(3);
    engines.forEach(engine -> engine.inFlight = 10);
    EnginePicker picker = picker();

    // When
    int slow = 0;
    for (int i = 0; i < 5000; i++) {
      slow += pick(picker, engines, plain(i), i).engine() == engines.getFirst() ? 1 : 0;
    }

    // Then
    assertThat(slow / 5000.0).isLessThan(0.1);
  }

  @Test
  void aGreyEngineIsNotPulledBackToItsWeight() {
    // Given two engines of which one is slow, so that the other gets nearly all
    List<TestEngine> engines = pool(1, 1);
    engines.getFirst().cost = EngineCost.UNKNOWN.withSlowdown(2);
    EnginePicker picker = picker();

    // When
    Decision decision = null;
    for (int i = 0; i < 200; i++) {
      Decision next = pick(picker, engines, plain(i), i).decision();
      decision = next.getCandidates().size() == 2 ? next : decision;
    }

    // Then
    assertThat(parts(decision, "engine-0")).containsEntry("deficit", 1.0);
    assertThat(parts(decision, "engine-1")).containsEntry("deficit", 1.0);
  }

  @Test
  void anEngineThatGotTooLittleIsPulledBackSoftly() {
    // Given an engine that is a little dearer, and so gets too little
    List<TestEngine> engines = pool(1, 1);
    engines.getFirst().cost = EngineCost.UNKNOWN.withGeography(0.001);
    EnginePicker picker = picker();

    // When
    Decision decision = null;
    int picked = 0;
    for (int i = 0; i < 4000; i++) {
      Picked<TestEngine> pick = pick(picker, engines, plain(i), i);
      picked += pick.engine() == engines.getFirst() ? 1 : 0;
      decision = pick.decision();
    }

    // Then
    assertThat(parts(decision, "engine-0").get("deficit")).isBetween(0.8, 1.0);
    assertThat(picked / 4000.0).isCloseTo(0.5, within(0.05));
  }

  @Test
  void theEffectOfADeficitIsBounded() {
    List<TestEngine> engines = pool(1, 1);
    engines.getFirst().cost = EngineCost.UNKNOWN.withGeography(60);
    EnginePicker picker = picker();
    Decision decision = null;
    for (int i = 0; i < 2000; i++) {
      decision = pick(picker, engines, plain(i), i).decision();
    }
    assertThat(parts(decision, "engine-0")).containsEntry("deficit", 0.95);
    assertThat(parts(decision, "engine-1")).containsEntry("deficit", 1.05);
  }

  @Test
  void theScoreIsTheFormulasToTheDigit() {
    // Given
    List<TestEngine> engines = pool(1);
    TestEngine engine = engines.getFirst();
    engine.cost =
        new EngineCost(10, 0.1, 0.05, 0.2, 1000, 8, 0, 1250, 0.076, 2, Optional.of("7.3"));
    engine.inFlight = 10;
    engine.pendingPromptTokens = 3000;

    // When
    Decision decision =
        pick(picker(), engines, new PickRequest("k", PromptBlocks.NONE, 1000, 100), 1).decision();

    // Then: kappa = 1250 · 0.2 / 10; 2 requests wait for one of 8 places; waiting counts twice
    Map<String, Double> parts = parts(decision, "engine-0");
    double iteration = 2 * 0.012;
    double wait = 2 * (2 * 3 * (0.05 + 0.011) + 2 * iteration * 100 / 8);
    double decode = 0.07 * 100 * iteration * 1.2;
    assertThat(parts.get("kappa")).isCloseTo(25, within(1e-12));
    assertThat(parts.get("saved")).isZero();
    assertThat(parts.get("iteration")).isCloseTo(iteration, within(1e-12));
    assertThat(parts.get("wait")).isCloseTo(wait, within(1e-12));
    assertThat(parts.get("prefill")).isCloseTo(0.1, within(1e-12));
    assertThat(decision.getCandidates().getFirst().getScore())
        .isCloseTo(wait + iteration + decode + 0.076 + 0.1, within(1e-12));
    assertThat(decision.getWeightsVersion()).contains("7.3");
  }

  @Test
  void anEngineWithoutWeightGetsNothing() {
    List<TestEngine> engines = pool(0, 1);
    Decision decision = pick(picker(), engines, plain(1), 1).decision();
    assertThat(decision.getEngine()).isEqualTo("engine-1");
    assertThat(decision.getExcluded())
        .extracting(Exclusion::getReason)
        .containsExactly("no_weight");
  }

  @Test
  void followsAPoolWhoseEnginesComeAndGo() {
    // Given conversations on three engines
    List<TestEngine> engines = pool(1, 1, 1);
    EnginePicker picker = picker();
    Map<Long, TestEngine> before = new HashMap<>();
    for (long i = 0; i < 30; i++) {
      before.put(i, pick(picker, engines, request(i), i).engine());
    }

    // When the first is replaced, and the others change places
    TestEngine gone = engines.getFirst();
    List<TestEngine> now =
        List.of(engines.get(2), new TestEngine("engine-new", 1, 100), engines.get(1));

    // Then
    for (long i = 0; i < 30; i++) {
      TestEngine engine = pick(picker, now, request(i), i).engine();
      if (before.get(i) == gone) {
        assertThat(engine).isNotEqualTo(gone);
      } else {
        assertThat(engine).isEqualTo(before.get(i));
      }
    }
  }

  @Test
  void aDecisionThatWasWrittenOutLeadsToTheSameEngine() throws Exception {
    Tables.trustRecords();
    SplittableRandom random = new SplittableRandom(5);
    List<TestEngine> engines = pool(random.doubles(20, 0.1, 3).toArray());
    EnginePicker picker = picker();
    for (int i = 0; i < 300; i++) {
      for (TestEngine engine : engines) {
        engine.inFlight = random.nextInt(40);
        engine.pendingPromptTokens = random.nextInt(5000);
        engine.cost =
            EngineCost.UNKNOWN
                .withPrice(random.nextDouble(600))
                .withGeography(random.nextDouble(0.1))
                .withSlowdown(random.nextDouble(0.5, 3));
      }
      Decision decision = pick(picker, engines, request(i % 40), random.nextLong()).decision();
      Decision read = Decision.fromByteBuffer(decision.toByteBuffer());
      assertThat(read).isEqualTo(decision);
      assertThat(DecisionReplay.engine(read)).contains(decision.getEngine());
      for (Candidate candidate : read.getCandidates()) {
        assertThat(ScoreParts.of(candidate.getParts()).score()).isEqualTo(candidate.getScore());
      }
    }
  }

  @Test
  void allocatesTheDecisionAndNothingThatGrowsWithThePool() {
    // A decision names up to 4 candidates and 16 engines for each reason: about 1.2 KB.
    assertThat(bytesPerPick(1000)).isBetween(100.0, 4096.0);
  }

  private static double bytesPerPick(int count) {
    List<TestEngine> engines = pool(new SplittableRandom(1).doubles(count, 0.1, 1).toArray());
    for (int i = 0; i < count; i += 10) {
      engines.get(i).healthy = false;
    }
    EnginePicker picker = picker();
    PickRequest[] requests = new PickRequest[64];
    Arrays.setAll(requests, LeastCostTest::request);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = -2000; i < 2000; i++) {
      if (i == 0) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      pick(picker, engines, requests[i & 63], i);
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / 2000.0;
  }
}
