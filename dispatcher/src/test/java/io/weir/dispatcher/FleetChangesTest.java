package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.GeoLink;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that come, change and go while the dispatcher runs. */
class FleetChangesTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private Rig rig;

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
    rig = Rig.on(kafka);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void drainingStopsNewWorkAndLetsWhatRunsFinish() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (FakeEngine drained = gated(gate);
        FakeEngine other = FakeEngine.json("{}")) {
      // Given a request that runs on the engine to be drained
      String id = rig.own("drained");
      rig.engine(id, drained.uri(), 8);
      Dispatcher dispatcher = rig.dispatch();
      String running = rig.sendOne(rig.request());
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> drained.calls().size() == 1);

      // When it is drained, and another has joined
      rig.say(Tables.engine(rig.own("other"), other.uri()).build());
      rig.say(Tables.engine(id, drained.uri()).setDraining(true).build());
      Pages.await(dispatcher, "weir_dispatcher_engine_draining", id, 1);
      Pages.await(dispatcher, "weir_dispatcher_engine_healthy", rig.own("other"), 1);
      for (int i = 0; i < 10; i++) {
        rig.terminal(rig.sendOne(rig.request()));
      }

      // Then
      assertThat(drained.calls()).hasSize(1);
      assertThat(other.calls()).hasSize(10);
      gate.countDown();
      assertThat(rig.terminal(running).getType()).isEqualTo(LifecycleType.SUCCEEDED);

      // When it is taken back
      rig.say(Tables.engine(id, drained.uri()).build());
      Pages.await(dispatcher, "weir_dispatcher_engine_draining", id, 0);

      // Then it gets work again
      rig.until(
          "work for the undrained engine",
          () -> {
            rig.terminal(rig.sendOne(rig.request()));
            return drained.calls().size() > 1;
          });
    }
  }

  @Test
  void enginesAreAddedAndRemoved() throws Exception {
    try (FakeEngine one = FakeEngine.json("{}");
        FakeEngine two = FakeEngine.json("{}")) {
      // Given a pool without engines, in which a request waits
      Dispatcher dispatcher = rig.dispatch();
      String waiting = rig.sendOne(rig.request());

      // When one joins
      rig.say(Tables.engine(rig.own("one"), one.uri()).build());

      // Then the request runs there
      assertThat(rig.terminal(waiting).getEngine()).contains(rig.own("one"));
      assertThat(one.calls().peek().headers()).doesNotContainKey("authorization");

      // When it is replaced
      rig.say(Tables.engine(rig.own("two"), two.uri()).build());
      Pages.await(dispatcher, "weir_dispatcher_engine_healthy", rig.own("two"), 1);
      rig.removeEngine(rig.own("one"));
      Awaitility.await()
          .atMost(Rig.PATIENCE)
          .until(() -> !Pages.text(dispatcher).contains('"' + rig.own("one") + '"'));
      int before = one.calls().size();
      for (int i = 0; i < 10; i++) {
        rig.terminal(rig.sendOne(rig.request()));
      }

      // Then nothing goes there any more
      assertThat(one.calls()).hasSize(before);
      assertThat(two.calls()).hasSize(10);
    }
  }

  @Test
  void anEngineMovesToAnotherAddressAndKeepsItsKey() throws Exception {
    try (FakeEngine old = FakeEngine.json("{}");
        FakeEngine now = FakeEngine.json("{}")) {
      // Given
      String id = rig.own("moved");
      rig.engine(id, old.uri(), 8);
      rig.dispatch();
      rig.terminal(rig.sendOne(rig.request()));

      // When
      rig.say(Tables.engine(id, now.uri()).build());

      // Then
      rig.until(
          "work at the new address",
          () -> {
            rig.terminal(rig.sendOne(rig.request()));
            return !now.calls().isEmpty();
          });
      assertThat(now.calls().peek().headers())
          .containsEntry("authorization", old.calls().peek().headers().get("authorization"));
    }
  }

  @Test
  void aRecordThatCannotBeUsedChangesNothing() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      // Given
      String id = rig.own("kept");
      rig.engine(id, engine.uri(), 8);
      Dispatcher dispatcher = rig.dispatch();

      // When
      rig.say(Tables.engine(id, engine.uri()).setWeight(-1).build());
      rig.say(Tables.engine(id, engine.uri()).setUrl("nowhere").build());
      rig.say(Tables.engine(rig.own("next"), engine.uri()).build());
      Pages.await(dispatcher, "weir_dispatcher_engine_healthy", rig.own("next"), 1);

      // Then
      assertThat(Pages.value(dispatcher, "weir_dispatcher_engine_weight", id)).hasValue(1);
    }
  }

  @Test
  void roundTripsArePublished() {
    Map<String, GeoLink> links = new ConcurrentHashMap<>();
    try (FakeEngine engine = FakeEngine.json("{}");
        TopicFollower follower =
            TopicFollower.start(
                rig.settings(),
                "test",
                List.of(Topics.geography()),
                TopicFollower.Start.BEGINNING,
                record -> links.put(record.key(), (GeoLink) record.value()))) {
      // When
      String id = rig.own("measured");
      rig.engine(id, engine.uri(), 8).dispatch();
      String key = rig.source().name() + "|" + id;
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> links.containsKey(key));

      // Then
      GeoLink link = links.get(key);
      assertThat(link.getFrom()).isEqualTo(rig.source().name());
      assertThat(link.getTo()).isEqualTo(id);
      assertThat(link.getMeasured()).isTrue();
      assertThat(link.getRttMillis()).isPositive();
      assertThat(follower.isCaughtUp()).isTrue();
    } catch (java.io.IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static FakeEngine gated(CountDownLatch gate) {
    return FakeEngine.start(
        (call, out) -> {
          gate.await();
          out.write(FakeEngine.response("application/json", "{}"));
        });
  }
}
