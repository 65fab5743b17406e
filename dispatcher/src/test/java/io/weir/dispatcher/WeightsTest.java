package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.pick.DecisionReplay;
import io.weir.schemas.Decision;
import io.weir.schemas.Exclusion;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.RoutingWeights;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of weights, from their topic to where requests go. */
class WeightsTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private Rig rig;
  private FakeEngine a;
  private FakeEngine b;
  private Dispatcher dispatcher;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @BeforeEach
  void open() {
    rig = Rig.on(kafka).planned();
    a = FakeEngine.json("{}");
    b = FakeEngine.json("{}");
    rig.engine("a", a.uri(), 64).engine("b", b.uri(), 64);
    dispatcher = rig.dispatch();
    Pages.await(dispatcher, "weir_dispatcher_engine_healthy", "a", 1);
    Pages.await(dispatcher, "weir_dispatcher_engine_healthy", "b", 1);
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
    a.close();
    b.close();
  }

  @Test
  void withoutATableTheConfiguredWeightsHold() {
    Map<String, Integer> shares = send(40);
    assertThat(shares).containsOnlyKeys("a", "b");
    assertThat(rig.chunks(rig.sendOneAndWait()).getFirst().getHead().orElseThrow())
        .satisfies(head -> assertThat(head.getWeightsVersion()).isEmpty());
  }

  @Test
  void aTableMovesTraffic() {
    // When
    apply(1, Map.of("a", 1.0, "b", 0.0));

    // Then
    assertThat(send(20)).containsExactly(Map.entry("a", 20));

    // When
    apply(2, Map.of("a", 0.1, "b", 0.9));

    // Then
    assertThat(send(100).get("b")).isGreaterThan(70);
  }

  @Test
  void aDecisionTellsAllThatLedToItAndReplays() {
    // Given
    apply(7, Map.of("a", 0.5, "b", 0.5));

    // When
    for (int i = 0; i < 20; i++) {
      String id = rig.sendOneAndWait();
      Decision decision = decision(id);

      // Then
      assertThat(decision.getPolicy()).isEqualTo("least-cost");
      assertThat(decision.getWeightsVersion()).contains("1.7");
      assertThat(decision.getCandidates()).isNotEmpty();
      assertThat(decision.getCandidates())
          .allSatisfy(
              candidate ->
                  assertThat(candidate.getParts())
                      .containsKeys("wait", "iteration", "prefill", "kappa", "deficit"));
      assertThat(DecisionReplay.engine(decision)).contains(decision.getEngine());
      assertThat(rig.chunks(id).getFirst().getHead().orElseThrow())
          .satisfies(
              head -> {
                assertThat(head.getWeightsVersion()).contains("1.7");
                assertThat(head.getWeightsStale()).isFalse();
              });
    }
  }

  @Test
  void aBadTableIsRefusedAndTheOldOneStays() {
    // Given
    apply(1, Map.of("a", 1.0, "b", 0.0));

    // When
    rig.say(table(2, Map.of("a", 0.1, "b", 0.2)));
    rig.say(table(3, Map.of("a", 0.0, "b", 1.0)));

    // Then
    refused("sum", 1);
    refused("capacity_removed", 1);
    assertThat(send(10)).containsExactly(Map.entry("a", 10));
  }

  @Test
  void aTableThatIsOverdueIsMarked() {
    // When
    RoutingWeights old = table(1, Map.of("a", 0.9, "b", 0.1));
    rig.say(RoutingWeights.newBuilder(old).setAt(Instant.now().minusSeconds(60)).build());
    Pages.await(dispatcher, "weir_dispatcher_weights_stale", Rig.POOL, 1);

    // Then its weights are flattened, and answers say so
    assertThat(Pages.value(dispatcher, "weir_dispatcher_engine_weight", "b").getAsDouble())
        .isBetween(0.2, 0.5);
    assertThat(
            rig.chunks(rig.sendOneAndWait()).getFirst().getHead().orElseThrow().getWeightsStale())
        .isTrue();

    // When a new one comes
    apply(2, Map.of("a", 0.9, "b", 0.1));

    // Then
    Pages.await(dispatcher, "weir_dispatcher_weights_stale", Rig.POOL, 0);
    Pages.await(dispatcher, "weir_dispatcher_engine_weight", "b", 0.1);
  }

  @Test
  void whatAnEngineThatIsOutLeavesOverGoesToTheOthers() throws Exception {
    // Given
    apply(1, Map.of("a", 1.0, "b", 0.0));

    // When
    a.goDown();
    Pages.await(dispatcher, "weir_dispatcher_engine_healthy", "a", 0);

    // Then
    int before = a.calls().size();
    assertThat(send(10)).containsExactly(Map.entry("b", 10));
    assertThat(a.calls()).hasSize(before);
    assertThat(decision(rig.sendOneAndWait()).getExcluded())
        .extracting(Exclusion::getReason)
        .contains("unhealthy");
  }

  @Test
  void anotherSourcesTableIsNotForUs() {
    apply(1, Map.of("a", 1.0, "b", 0.0));
    rig.say(Tables.table("elsewhere", 9, Map.of("a", 0.0, "b", 1.0)));
    apply(2, Map.of("a", 0.9, "b", 0.1));
    assertThat(send(20).get("a")).isGreaterThan(10);
  }

  private RoutingWeights table(long version, Map<String, Double> weights) {
    return Tables.table(rig.source().name(), version, weights);
  }

  private void apply(long version, Map<String, Double> weights) {
    rig.say(table(version, weights));
    Pages.await(dispatcher, "weir_dispatcher_weights_version", Rig.POOL, (double) version);
  }

  private void refused(String reason, double count) {
    Pages.await(dispatcher, "weir_dispatcher_weights_refused_total", reason, count);
  }

  private Map<String, Integer> send(int requests) {
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      String id = rig.sendOneAndWait();
      shares.merge(rig.terminal(id).getEngine().orElseThrow(), 1, Integer::sum);
    }
    return shares;
  }

  private Decision decision(String id) {
    return rig.events(id).stream()
        .filter(event -> event.getType() == LifecycleType.DISPATCHED)
        .map(LifecycleEvent::getDecision)
        .findFirst()
        .orElseThrow()
        .orElseThrow();
  }
}
