package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.config.Configs;
import io.weir.routing.engine.SimText;
import io.weir.schemas.InferenceRequest;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.TokenUsage;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import io.weir.sim.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Responses of simulated engines. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DispatcherResponsesTest {
  private static final Pattern DELTA = Pattern.compile("\"delta\":\"([^\"]*)\"");

  @TempDir Path directory;

  private EmbeddedKafka kafka;
  private EngineServer one;
  private EngineServer two;
  private Rig rig;

  @BeforeEach
  void start() {
    kafka = EmbeddedKafka.start(directory);
    one = EngineServer.start(Configs.with(EngineServerConfig.class, Map.of("speed", "20")));
    two = EngineServer.start(Configs.with(EngineServerConfig.class, Map.of("speed", "20")));
    rig = Rig.on(kafka);
    rig.engine(one.uri(), 8).engine(two.uri(), 8).dispatch();
  }

  @AfterEach
  void stop() {
    rig.close();
    two.close();
    one.close();
    kafka.close();
  }

  private InferenceRequest.Builder response(String input, String more) {
    String body = "{\"model\":\"llama-3-8b\",\"input\":\"" + input + "\"" + more + "}";
    return rig.request()
        .setPath("/v1/responses")
        .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String deltas(String stream) {
    return DELTA
        .matcher(stream)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.joining());
  }

  @Test
  void responsesHaveTheRequestsIdAndTheirUsageIsTold() {
    // When
    String whole = rig.sendOne(response("whole", ""));
    String streamed = rig.sendOne(response("streamed", ",\"stream\":true").setStream(true));
    String background = rig.sendOne(response("later", ",\"background\":true").setWatched(false));

    // Then
    TokenUsage usage = rig.terminal(whole).getUsage().orElseThrow();
    assertThat(usage).isEqualTo(new TokenUsage(SimText.tokens("whole"), 128, 0, false));
    assertThat(rig.text(whole))
        .startsWith("{\"id\":\"resp_" + whole + "\",\"object\":\"response\"")
        .contains(SimText.answer("whole", 128), "\"background\":false");

    LifecycleEvent terminal = rig.terminal(streamed);
    String stream = rig.text(streamed);
    assertThat(terminal.getUsage().orElseThrow())
        .isEqualTo(new TokenUsage(SimText.tokens("streamed"), 128, 0, false));
    assertThat(deltas(stream)).isEqualTo(SimText.answer("streamed", 128));
    assertThat(Pattern.compile("\"id\":\"(resp_[^\"]*)").matcher(stream).results())
        .hasSize(3)
        .allMatch(match -> match.group(1).equals("resp_" + streamed));

    assertThat(rig.terminal(background).getType()).isEqualTo(LifecycleType.SUCCEEDED);
    assertThat(rig.text(background))
        .contains(
            "\"id\":\"resp_" + background, "\"background\":true", SimText.answer("later", 128));
  }

  @Test
  void anEngineThatDiesBeforeItsFirstTokenIsNotNoticed() {
    // Given engines that open a stream and break off
    one.faults().add(new Fault.Die(0));

    // When
    List<String> ids =
        List.of("a", "b", "c", "d", "e", "f").stream()
            .map(input -> rig.sendOne(response(input, ",\"stream\":true").setStream(true)))
            .toList();

    // Then
    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(rig.terminal(id).getType()).isEqualTo(LifecycleType.SUCCEEDED);
              assertThat(rig.text(id).split("response.created\",", -1)).hasSize(2);
            });
    assertThat(ids).anySatisfy(id -> assertThat(rig.types(id)).contains(LifecycleType.RETRIED));
  }

  @Test
  void aStreamThatBreaksOffIsToldFromAWholeOne() {
    // Given
    one.faults().add(new Fault.Die(5));
    two.faults().add(new Fault.Die(5));

    // When
    LifecycleEvent died =
        rig.terminal(rig.sendOne(response("again", ",\"stream\":true").setStream(true)));

    // Then
    assertThat(died.getFailure().orElseThrow().getReason()).isEqualTo("engine_died");
  }
}
