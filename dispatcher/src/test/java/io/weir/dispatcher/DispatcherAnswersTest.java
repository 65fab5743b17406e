package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.LifecycleEvent;
import io.weir.schemas.LifecycleType;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.TokenUsage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherAnswersTest {
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
  void aShortAnswerIsOneRecordAndItsEventsTellItAll() throws Exception {
    String answer =
        "{\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":5,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":8}}}";
    try (FakeEngine engine = FakeEngine.json(answer)) {
      // Given
      rig.engine(engine.uri(), 4).dispatch();

      // When
      String id = rig.sendOne(rig.request().setTraceparent("00-abc-def-01"));
      LifecycleEvent terminal = rig.terminal(id);

      // Then the events
      assertThat(rig.types(id)).containsExactly(LifecycleType.DISPATCHED, LifecycleType.SUCCEEDED);
      LifecycleEvent dispatched = rig.events(id).getFirst();
      assertThat(dispatched.getRequest().orElseThrow().getPointer()).isPresent();
      assertThat(dispatched.getDecision().orElseThrow().getEngine()).isEqualTo("e0");
      assertThat(dispatched.getAttempt()).isEqualTo(terminal.getAttempt());
      assertThat(terminal.getUsage()).contains(new TokenUsage(11, 5, 8, false));
      assertThat(terminal.getFailure()).isEmpty();
      assertThat(terminal.getTimings().orElseThrow().getFirstByteMicros()).isPresent();

      // Then the answer
      assertThat(rig.records(id)).hasSize(1);
      ResponseChunk chunk = rig.last(id);
      assertThat(rig.text(id)).isEqualTo(answer);
      assertThat(chunk.getHead().orElseThrow().getStatus()).isEqualTo(200);
      assertThat(chunk.getHead().orElseThrow().getEngine()).isEqualTo("e0");
      assertThat(chunk.getEnd().orElseThrow().getFailure()).isEmpty();
      assertThat(chunk.getEnd().orElseThrow().getBodyBytes()).isEqualTo(answer.length());
      long offset = rig.records(id).getFirst().offset();
      assertThat(terminal.getFirstOffset()).contains(offset);
      assertThat(terminal.getLastOffset()).contains(offset);

      // Then what the engine saw
      FakeEngine.Call call = engine.calls().element();
      assertThat(call.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
      assertThat(call.headers())
          .containsEntry("authorization", "Bearer secret-0")
          .containsEntry("x-request-id", id)
          .containsEntry("x-weir-source", rig.source().name())
          .containsEntry("traceparent", "00-abc-def-01")
          .containsEntry("content-type", "application/json");
    }
  }

  @Test
  void bodiesOfAMebibytePassByteForByteBothWays() throws Exception {
    // Given a body and an answer with every byte in them
    byte[] body = new byte[1 << 20];
    new Random(1).nextBytes(body);
    StringBuilder text = new StringBuilder("{\"t\":\"");
    Random random = new Random(2);
    while (text.length() < 1_100_000) {
      text.append((char) random.nextInt(0x20, 0x3000)).append(random.nextInt());
    }
    String answer = text.toString().replace("\\", "").replace("\"", "") + "\"}";
    answer = "{\"t\":\"" + answer.substring(5, answer.length() - 2) + "\"}";
    byte[] expected = answer.getBytes(StandardCharsets.UTF_8);
    String sent = answer;
    try (FakeEngine engine =
        FakeEngine.start((call, out) -> out.write(FakeEngine.response("application/json", sent)))) {
      rig.engine(engine.uri(), 4).dispatch();

      // When
      String id = rig.sendOne(rig.request().setBody(ByteBuffer.wrap(body)));
      LifecycleEvent terminal = rig.terminal(id);

      // Then
      assertThat(terminal.getType()).isEqualTo(LifecycleType.SUCCEEDED);
      assertThat(engine.calls().element().body()).isEqualTo(ByteBuffer.wrap(body));
      assertThat(rig.body(id)).isEqualTo(expected);
      assertThat(rig.chunks(id)).hasSizeGreaterThan(4);
      assertThat(rig.chunks(id).getFirst().getHead()).isPresent();
      assertThat(rig.chunks(id).stream().skip(1).map(ResponseChunk::getHead))
          .allMatch(head -> head.isEmpty());
      assertThat(rig.last(id).getEnd()).isPresent();
    }
  }

  @Test
  void aStreamKeepsItsBytesAndCountsItsEvents() throws Exception {
    // Given pieces that do not care where events end
    List<String> pieces = new ArrayList<>();
    StringBuilder whole = new StringBuilder();
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      whole
          .append("data: {\"choices\":[{\"delta\":{\"content\":\"t")
          .append(i)
          .append("ü\"}}]}\n\n");
    }
    whole.append(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":200}}\n\n");
    whole.append("data: [DONE]\n\n");
    for (int at = 0; at < whole.length(); ) {
      int end = Math.min(whole.length(), at + random.nextInt(1, 300));
      pieces.add(whole.substring(at, end));
      at = end;
    }
    try (FakeEngine engine = FakeEngine.sse(pieces)) {
      rig.engine(engine.uri(), 4).dispatch();

      // When
      String id = rig.sendOne(rig.stream());
      LifecycleEvent terminal = rig.terminal(id);

      // Then
      assertThat(rig.types(id))
          .containsExactly(
              LifecycleType.DISPATCHED, LifecycleType.FIRST_TOKEN, LifecycleType.SUCCEEDED);
      assertThat(terminal.getUsage()).contains(new TokenUsage(3, 200, null, false));
      assertThat(rig.text(id)).isEqualTo(whole.toString());
      long next = 0;
      for (ResponseChunk chunk : rig.chunks(id)) {
        assertThat(chunk.getFirstSeq()).isEqualTo(next);
        next += chunk.getCount();
        String data = StandardCharsets.UTF_8.decode(chunk.getData().duplicate()).toString();
        assertThat(data).endsWith("\n\n");
        assertThat(data.split("\n\n")).hasSize(chunk.getCount());
      }
      assertThat(next).isEqualTo(202);
      assertThat(rig.last(id).getEnd().orElseThrow().getEvents()).isEqualTo(202);
      assertThat(rig.last(id).getCount()).isPositive();
      // Fewer records than events: they were gathered.
      assertThat(rig.chunks(id)).hasSizeLessThan(100);
    }
  }

  @Test
  void connectionsAreUsedAgain() throws Exception {
    try (FakeEngine engine = FakeEngine.json("{}")) {
      rig.engine(engine.uri(), 4).dispatch();
      for (int i = 0; i < 20; i++) {
        rig.terminal(rig.sendOne(rig.request()));
      }
      // One for requests; probes may have taken another.
      assertThat(engine.connections()).isLessThanOrEqualTo(2);
    }
  }
}
