package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.routing.config.Configs;
import io.weir.routing.engine.SimText;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import io.weir.sim.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the simulated engine, whose text tells whether a token was lost or moved. */
class DispatcherWithSimulatedEnginesTest {
  private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");

  @TempDir static Path directory;

  private static ByteBuffer chat(String prompt, int tokens, boolean stream) {
    return ByteBuffer.wrap(
        """
        {"model":"llama-3-8b","stream":%s,%s"max_tokens":%d,"messages":[{"role":"user","content":"%s"}]}"""
            .formatted(
                stream,
                stream ? "\"stream_options\":{\"include_usage\":true}," : "",
                tokens,
                prompt)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static String content(String body) {
    return CONTENT
        .matcher(body)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.joining());
  }

  @Test
  void everyTokenOfManyStreamsArrivesOnceAndInOrder() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
        EngineServer one =
            EngineServer.start(Configs.with(EngineServerConfig.class, Map.of("speed", "4")));
        EngineServer two =
            EngineServer.start(
                Configs.with(EngineServerConfig.class, Map.of("timing", "instant")));
        Rig rig = Rig.on(kafka)) {
      // Given
      rig.engine(one.uri(), 32).engine(two.uri(), 32).dispatch();

      // When
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        boolean stream = i % 3 != 0;
        ids.add(
            rig.sendOne(rig.request().setStream(stream).setBody(chat("prompt " + i, 100, stream))));
      }

      // Then
      for (int i = 0; i < ids.size(); i++) {
        LifecycleEvent terminal = rig.terminal(ids.get(i));
        assertThat(terminal.getType()).isEqualTo(LifecycleType.SUCCEEDED);
        assertThat(terminal.getUsage().orElseThrow().getCompletionTokens()).isEqualTo(100);
        String prompt = SimText.prompt(List.of("prompt " + i));
        assertThat(SimText.verify(prompt, content(rig.text(ids.get(i))), 100))
            .as("request %d", i)
            .isEqualTo(new SimText.Verdict.Intact(100));
      }

      // And an engine that dies on the way is told from one that has finished
      one.faults().add(new Fault.Die(5));
      two.faults().add(new Fault.Die(5));
      LifecycleEvent died =
          rig.terminal(rig.sendOne(rig.stream().setBody(chat("again", 100, true))));
      assertThat(died.getFailure().orElseThrow().getReason()).isEqualTo("engine_died");
    }
  }
}
