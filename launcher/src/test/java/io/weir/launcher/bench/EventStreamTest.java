package io.weir.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  /** Gives one byte at a time, so that every boundary is met. */
  private static EventStream trickled(String text) {
    InputStream whole = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return new EventStream(
        new InputStream() {
          @Override
          public int read() throws IOException {
            return whole.read();
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return whole.read(target, offset, Math.min(1, length));
          }
        });
  }

  private static boolean hasText(String data) throws IOException {
    EventStream stream = trickled("data: " + data + "\n\n");
    assertThat(stream.next()).isTrue();
    return stream.hasText();
  }

  @Test
  void readsDataLinesAndSkipsTheRest() throws IOException {
    EventStream stream =
        trickled(
            ": queued position=12\n\nid: 1.0\ndata: {\"a\":\"ü\"}\n\ndata:{}\r\n\r\nevent: x\ndata: [DONE]\n\n");

    List<String> data = new ArrayList<>();
    while (stream.next()) {
      data.add(stream.data());
      assertThat(stream.done()).isEqualTo(stream.data().equals("[DONE]"));
    }

    assertThat(data).containsExactly("{\"a\":\"ü\"}", "{}", "[DONE]");
  }

  @Test
  void readsLinesLongerThanItsBuffer() throws IOException {
    String longText = "x".repeat(100_000);
    EventStream stream =
        new EventStream(
            new ByteArrayInputStream(
                ("data: " + longText + "\n\ndata: y\n\n").getBytes(StandardCharsets.UTF_8)));

    assertThat(stream.next()).isTrue();
    assertThat(stream.data()).isEqualTo(longText);
    assertThat(stream.next()).isTrue();
    assertThat(stream.data()).isEqualTo("y");
  }

  @Test
  void aLineThatIsCutIsNoEvent() throws IOException {
    assertThat(trickled("data: {\"choices\"").next()).isFalse();
  }

  @Test
  void knowsTextFromRolesFinishReasonsAndUsage() throws IOException {
    assertThat(hasText("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}")).isTrue();
    assertThat(hasText("{\"choices\": [{\"delta\": {\"content\": \" \"}}]}")).isTrue();
    assertThat(hasText("{\"choices\":[{\"text\":\"a\"}]}")).isTrue();
    assertThat(hasText("{\"choices\":[{\"delta\":{\"reasoning_content\":\"a\"}}]}")).isTrue();
    assertThat(hasText("{\"function\":{\"arguments\":\"{\"}}")).isTrue();
    assertThat(hasText("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}"))
        .isFalse();
    assertThat(hasText("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}")).isFalse();
    assertThat(hasText("{\"choices\":[],\"usage\":{\"completion_tokens\":3}}")).isFalse();
    assertThat(hasText("{\"choices\":[{\"delta\":{\"content\":null}}]}")).isFalse();
  }
}
