package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.InferenceRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of an engine by what is known of prompts, engines and other dispatchers. */
class ChoiceTest {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start(directory);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void aConversationsNextTurnGoesWhereItsPrefixIs() throws Exception {
    try (Rig rig = Rig.on(kafka).leastCost();
        FakeEngine engine = FakeEngine.json("{}")) {
      // Given four engines that are all the same
      for (String id : List.of("a", "b", "c", "d")) {
        rig.engine(id, engine.uri(), 16);
      }
      Dispatcher dispatcher = rig.dispatch();
      for (String id : List.of("a", "b", "c", "d")) {
        Pages.await(dispatcher, "weir_dispatcher_engine_healthy", id, 1);
      }
      Set<String> engines = new HashSet<>();
      for (int i = 0; i < 12; i++) {
        String history = ("conversation " + i + " ").repeat(400);

        // When two turns are taken
        String first = engine(rig, turn(rig, history));
        String second = engine(rig, turn(rig, history + "and then ".repeat(300)));

        // Then they meet the same cache
        assertThat(second).isEqualTo(first);
        engines.add(first);
      }
      assertThat(engines).hasSizeGreaterThan(1);
    }
  }

  @Test
  void dispatchersOfASourceShareAnEnginesPlaces() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (Rig rig = Rig.on(kafka).leastCost();
        FakeEngine engine =
            FakeEngine.start(
                (call, out) -> {
                  gate.await();
                  out.write(FakeEngine.response("application/json", "{}"));
                })) {
      // Given two dispatchers, which know of each other
      rig.engine("shared", engine.uri(), 8);
      Dispatcher one = rig.dispatch();
      Dispatcher other = rig.dispatch();
      Pages.await(one, "weir_dispatcher_engine_places", "shared", 4);
      Pages.await(other, "weir_dispatcher_engine_places", "shared", 4);

      // When there is more work than places
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        ids.add(rig.sendOne(rig.request()));
      }
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> engine.calls().size() >= 8);
      rig.until(
          "claims by both",
          () -> ids.stream().filter(id -> !rig.events(id).isEmpty()).count() > 20);

      // Then they have the places between them, not each all of them
      assertThat(engine.mostRunning()).isBetween(8, 13);

      // When / Then
      gate.countDown();
      ids.forEach(rig::terminal);
    }
  }

  private static InferenceRequest.Builder turn(Rig rig, String prompt) {
    String head = "{\"model\":\"m\",\"prompt\":";
    String body = head + '"' + prompt + "\"}";
    return rig.request()
        .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
        .setPromptOffset(head.length())
        .setPromptBytes(body.length() - head.length() - 1)
        .setPromptTokens(prompt.length() / 4);
  }

  private static String engine(Rig rig, InferenceRequest.Builder request) {
    return rig.terminal(rig.sendOne(request)).getEngine().orElseThrow();
  }
}
