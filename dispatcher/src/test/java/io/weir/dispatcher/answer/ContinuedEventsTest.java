package io.weir.dispatcher.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.routing.config.Configs;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.TokenUsage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuedEventsTest {
  private static final String FIRST =
      """
      data: {"id":"one","created":7,"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

      data: {"id":"one","created":7,"choices":[{"index":0,"delta":{"content":"Grü"}}]}

      """;

  private static final String SECOND =
      """
      : hello

      data: {"id":"two","created":9,"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

      data: {"id":"two","created":9,"choices":[{"index":0,"delta":{"content":"ße"}}]}

      data: {"id":"two","created":9,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: {"id":"two","created":9,"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":1,"total_tokens":13}}

      data: [DONE]

      """;

  private final Recorder recorder = new Recorder(Recorder.Acks.AT_ONCE);
  private final AnswerLimits limits = Configs.defaults(AnswerLimits.class);

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void anotherStreamGoesOnWithTheFirst(int piece) throws Exception {
    // Given a stream that broke off within an event
    StreamRelay relay =
        new StreamRelay(
            recorder.publisher, limits, Recorder.head(), Optional.of(new GeneratedText()));
    byte[] first = (FIRST + "data: {\"id\":\"one").getBytes(StandardCharsets.UTF_8);
    relay.accept(first, 0, first.length);
    relay.open();
    relay.cut();
    GeneratedText text = relay.text().orElseThrow();
    assertThat(text.text()).isEqualTo("Grü");
    assertThat(text.isFinished()).isFalse();

    // When another one goes on
    ContinuedEvents events = new ContinuedEvents(text, 2, limits);
    byte[] second = SECOND.getBytes(StandardCharsets.UTF_8);
    Progress progress = Progress.NONE;
    for (int at = 0; at < second.length && progress != Progress.DONE; at += piece) {
      progress = events.accept(relay, second, at, Math.min(piece, second.length - at));
    }
    relay.finish((body, count) -> new ResponseEnd(null, null, body, count));

    // Then it is one stream
    assertThat(progress).isEqualTo(Progress.DONE);
    assertThat(new String(recorder.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            FIRST
                + """
                : hello

                data: {"id":"one","created":7,"choices":[{"index":0,"delta":{"content":"ße"}}]}

                data: {"id":"one","created":7,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: {"id":"one","created":7,"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}}

                data: [DONE]

                """);
    assertThat(relay.usage(0)).isEqualTo(new TokenUsage(10, 3, null, false));
    assertThat(text.text()).isEqualTo("Grüße");
    assertThat(text.isFinished()).isTrue();
  }

  @Test
  void aPublishedTextIsReadAgain() {
    GeneratedText text = GeneratedText.of(bytes(FIRST));
    assertThat(text.text()).isEqualTo("Grü");
    assertThat(text.isPlain()).isTrue();
    assertThat(text.pieces()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"a\"}}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\"}}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"logprobs\":{\"content\":[]}}]}",
        "{\"error\":{\"message\":\"no\"}}",
        "{\"choices\":[{\"ind"
      })
  void whatIsNotPlainTextIsNotGoneOnWith(String event) {
    GeneratedText text = GeneratedText.of(bytes(FIRST + "data: " + event + "\n\n"));
    assertThat(text.isPlain()).isFalse();
    assertThat(text.text()).isEmpty();
  }
}
