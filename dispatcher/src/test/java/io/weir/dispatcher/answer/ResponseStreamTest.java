package io.weir.dispatcher.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.routing.config.Configs;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.TokenUsage;
import org.junit.jupiter.api.Test;

class ResponseStreamTest {
  private static final String OPENING =
      """
      event: response.created
      data: {"type":"response.created","response":{"id":"resp_e","tools":[{"id":"resp_e"}],"background":false,"usage":null},"sequence_number":0}

      event: response.output_item.added
      data: {"type":"response.output_item.added","item":{"id":"msg_1"},"sequence_number":1}

      """;
  private static final String DELTAS =
      """
      event: response.output_text.delta
      data: {"type":"response.output_text.delta","delta":"\\"response\\":{\\"id\\":\\"resp_e\\"}","sequence_number":2}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","delta":"response","sequence_number":3}

      """;
  private static final String LAST =
      """
      event: response.completed
      data: {"sequence_number":4,"type":"response.completed","response":{"status":"completed","id":"resp_e","background":false,"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":4},"output_tokens":2}}}

      """;

  private final Recorder recorder = new Recorder(Recorder.Acks.AT_ONCE);
  private final StreamRelay relay =
      StreamRelay.ofResponse(
          recorder.publisher,
          Configs.defaults(AnswerLimits.class),
          Recorder.head(),
          ResponseFields.background("resp_w"));

  private Progress feed(String text) throws BadAnswerException {
    byte[] bytes = text.getBytes(UTF_8);
    return relay.accept(bytes, 0, bytes.length);
  }

  @Test
  void anOpeningIsNotTheAnswersBeginning() throws BadAnswerException {
    assertThat(feed(OPENING)).isEqualTo(Progress.NONE);
    assertThat(feed(DELTAS)).isEqualTo(Progress.DATA);
    assertThat(relay.dataEvents()).isEqualTo(2);
  }

  @Test
  void onlyResponsesAreRenamedWhereverThePiecesEnd() throws BadAnswerException {
    // Given
    String stream = OPENING + DELTAS + LAST;

    // When
    Progress progress = Progress.NONE;
    for (byte each : stream.getBytes(UTF_8)) {
      progress = relay.accept(new byte[] {each}, 0, 1);
      if (progress == Progress.DATA && !relay.isOpen()) {
        relay.open();
      }
    }
    relay.finish((bytes, events) -> new ResponseEnd(null, null, bytes, events));

    // Then
    String expected =
        OPENING
                .replace("{\"id\":\"resp_e\",", "{\"id\":\"resp_w\",")
                .replace("\"background\":false", "\"background\":true")
            + DELTAS
            + LAST.replace("resp_e", "resp_w")
                .replace("\"background\":false", "\"background\":true");
    assertThat(progress).isEqualTo(Progress.DONE);
    assertThat(new String(recorder.body(), UTF_8))
        .isEqualTo(expected.replace("[{\"id\":\"resp_w\"", "[{\"id\":\"resp_e\""));
    assertThat(recorder.chunks.getLast().getEnd().orElseThrow().getEvents()).isEqualTo(5);
  }

  @Test
  void theLastEventTellsTheUsageAndEndsTheStream() throws BadAnswerException {
    assertThat(feed(OPENING + DELTAS + LAST + "data: [DONE]\n\n")).isEqualTo(Progress.DONE);

    assertThat(relay.usage(1)).isEqualTo(new TokenUsage(9, 2, 4, false));
  }

  @Test
  void withoutALastEventTheDeltasAreCounted() throws BadAnswerException {
    assertThat(feed(OPENING + DELTAS)).isEqualTo(Progress.DATA);

    assertThat(relay.usage(7)).isEqualTo(new TokenUsage(7, 2, null, true));
  }

  @Test
  void eventsWithoutATypeLineAreReadByTheirData() throws BadAnswerException {
    String bare = (OPENING + DELTAS + LAST).replaceAll("event: .*\n", "");

    assertThat(feed(bare)).isEqualTo(Progress.DONE);
    assertThat(relay.dataEvents()).isEqualTo(2);
  }

  @Test
  void aLongOpeningIsNotHeldBack() throws BadAnswerException {
    String echo = "i".repeat(70_000);

    assertThat(feed(OPENING.replace("\"usage\":null", "\"instructions\":\"" + echo + "\"")))
        .isEqualTo(Progress.DATA);
  }
}
