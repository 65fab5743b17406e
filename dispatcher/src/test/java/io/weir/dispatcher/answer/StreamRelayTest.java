package io.weir.dispatcher.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.dispatcher.answer.StreamRelay.Progress;
import io.weir.dispatcher.http.BadAnswerException;
import io.weir.routing.config.Configs;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseEnd;
import io.weir.schemas.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamRelayTest {
  private static final AnswerPublisher.EndOf END =
      (bytes, events) -> new ResponseEnd(null, null, bytes, events);

  private final Recorder recorder = new Recorder(Recorder.Acks.AT_ONCE);

  private StreamRelay relay(Map<String, String> limits) {
    return new StreamRelay(
        recorder.publisher, Configs.with(AnswerLimits.class, limits), Recorder.head());
  }

  private static Progress feed(StreamRelay relay, String text) throws BadAnswerException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Progress progress = relay.accept(bytes, 0, bytes.length);
    if (progress != Progress.NONE && !relay.isOpen()) {
      relay.open();
    }
    return progress;
  }

  /** The events of a whole text, found in another way: line by line. */
  private static List<String> events(String text) {
    List<String> events = new ArrayList<>();
    int start = 0;
    int line = 0;
    while (line < text.length()) {
      int end = line;
      while (end < text.length() && text.charAt(end) != '\r' && text.charAt(end) != '\n') {
        end++;
      }
      if (end == text.length()) {
        break;
      }
      int next = text.startsWith("\r\n", end) ? end + 2 : end + 1;
      if (end == line) {
        events.add(text.substring(start, next));
        start = next;
      }
      line = next;
    }
    return events;
  }

  private static String randomStream(SplittableRandom random) {
    String[] ends = {"\n", "\r\n", "\r"};
    StringBuilder text = new StringBuilder();
    int uniform = random.nextInt(4);
    for (int i = 0; i < random.nextInt(1, 30); i++) {
      for (int line = 0; line < random.nextInt(0, 4); line++) {
        text.append(random.nextBoolean() ? "data: x" + i : ": ping")
            .append("é".repeat(random.nextInt(3)));
        text.append(ends[uniform == 3 ? random.nextInt(3) : uniform]);
      }
      text.append(ends[uniform == 3 ? random.nextInt(3) : uniform]);
    }
    return text.append(random.nextBoolean() ? "data: cut" : "").toString();
  }

  @Test
  void cutsOnlyBetweenEventsHoweverTheBytesCome() throws Exception {
    for (int seed = 0; seed < 2_000; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      String text = randomStream(random);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      Recorder kafka = new Recorder(Recorder.Acks.AT_ONCE);
      StreamRelay relay =
          new StreamRelay(
              kafka.publisher,
              Configs.with(
                  AnswerLimits.class, Map.of("stream-chunk", random.nextInt(1, 200) + "B")),
              Recorder.head());

      // When
      int at = 0;
      while (at < bytes.length) {
        int count = Math.min(bytes.length - at, random.nextInt(1, 40));
        if (relay.accept(bytes, at, count) != Progress.NONE && !relay.isOpen()) {
          relay.open();
        }
        at += count;
        if (random.nextInt(4) == 0) {
          relay.flushIfIdle();
        }
      }
      relay.endOfStream();
      relay.finish(END);

      // Then
      List<String> expected = events(text);
      assertThat(new String(kafka.body(), StandardCharsets.UTF_8))
          .as("seed %d", seed)
          .isEqualTo(String.join("", expected));
      long seq = 0;
      for (int i = 0; i < kafka.chunks.size(); i++) {
        ResponseChunk chunk = kafka.chunks.get(i);
        assertThat(chunk.getFirstSeq()).as("seed %d", seed).isEqualTo(seq);
        int upTo = (int) seq + chunk.getCount();
        assertThat(kafka.texts.get(i))
            .as("seed %d", seed)
            .isEqualTo(String.join("", expected.subList((int) seq, upTo)));
        seq = upTo;
      }
      assertThat(seq).as("seed %d", seed).isEqualTo(expected.size());
      assertThat(kafka.chunks.getLast().getEnd().orElseThrow().getEvents()).isEqualTo(seq);
    }
  }

  @Test
  void theFirstEventGoesAtOnceAndOthersAreGathered() throws Exception {
    StreamRelay relay = relay(Map.of());
    feed(relay, "data: 1\n");
    assertThat(recorder.texts).isEmpty();
    feed(relay, "\ndata: 2\n\nda");
    assertThat(recorder.texts).containsExactly("data: 1\n\ndata: 2\n\n");
    feed(relay, "ta: 3\n\n");
    feed(relay, "data: 4\n\ndata: 5");
    assertThat(recorder.texts).hasSize(1);
    relay.flushIfIdle();
    assertThat(recorder.texts).containsExactly("data: 1\n\ndata: 2\n\n", "data: 3\n\ndata: 4\n\n");
    relay.flushIfIdle();
    assertThat(recorder.texts).hasSize(2);
    assertThat(recorder.chunks.getFirst().getHead()).isPresent();
    assertThat(recorder.chunks.getLast().getHead()).isEmpty();
  }

  @Test
  void theEndGoesWithTheLastEventAndNothingAfterDoneCounts() throws Exception {
    StreamRelay relay = relay(Map.of());
    assertThat(feed(relay, "data: 1\n\n")).isEqualTo(Progress.DATA);
    assertThat(feed(relay, ": ping\n\n")).isEqualTo(Progress.NONE);
    assertThat(feed(relay, "data: 2\n\ndata: [DONE]\n\ndata: 3\n\n")).isEqualTo(Progress.DONE);
    relay.flushIfIdle();
    relay.finish(END);
    assertThat(recorder.texts)
        .containsExactly("data: 1\n\n", ": ping\n\ndata: 2\n\ndata: [DONE]\n\n");
    assertThat(recorder.chunks.getLast().getEnd()).isPresent();
    assertThat(recorder.chunks.getLast().getFirstSeq()).isEqualTo(1);
    assertThat(recorder.chunks.getLast().getCount()).isEqualTo(3);
  }

  @Test
  void anIncompleteEventIsNotPublishedAndWithoutAnyThereIsNoHead() throws Exception {
    StreamRelay relay = relay(Map.of());
    feed(relay, "data: half");
    relay.finish(END);
    assertThat(recorder.texts).containsExactly("");
    assertThat(recorder.chunks.getFirst().getHead()).isEmpty();
  }

  @Test
  void anEventLargerThanTheLimitIsRefused() throws Exception {
    StreamRelay relay = relay(Map.of("event", "1KiB"));
    feed(relay, "data: " + "x".repeat(1000));
    assertThatThrownBy(() -> feed(relay, "y".repeat(100)))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("1KiB");
  }

  @Test
  void usageIsTheLastThatIsNotNull() throws Exception {
    StreamRelay relay = relay(Map.of());
    feed(relay, "data: {\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":1}}\n\n");
    feed(relay, "data: {\"usage\": {\"prompt_tokens\":4,\"completion_tokens\":2}}\n\n");
    feed(relay, "data: {\"usage\":null}\n\ndata: [DONE]\n\n");
    assertThat(relay.usage(99)).isEqualTo(new TokenUsage(4, 2, null, false));
  }

  @Test
  void usageIsCountedWhereTheStreamDoesNotTell() throws Exception {
    StreamRelay relay = relay(Map.of());
    feed(
        relay,
        ": hi\n\ndata: {\"a\":\"\\\"usage\\\":{}\"}\n\ndata: 2\n\nevent: x\ndata: 3\n\ndata: [DONE]\n\n");
    assertThat(relay.usage(99)).isEqualTo(new TokenUsage(99, 3, null, true));
  }
}
