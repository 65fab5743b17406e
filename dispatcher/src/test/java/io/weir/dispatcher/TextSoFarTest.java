package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Continues;
import io.weir.schemas.ResponseChunk;
import io.weir.schemas.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextSoFarTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ResponseChunk data(String attempt, String text, long seq, Continues continues) {
    ResponseHead head =
        new ResponseHead(200, "text/event-stream", null, "e", null, 0L, null, false);
    return new ResponseChunk(
        "r", attempt, 1, head, bytes(text), seq, 1, null, List.of(), false, continues);
  }

  private static ResponseChunk reset(boolean keepText, String... closed) {
    return new ResponseChunk(
        "r", "", 0, null, bytes(""), 0L, 0, null, List.of(closed), keepText, null);
  }

  @Test
  void theTextIsThatOfTheChainUpToWhereItIsToGoOn() {
    // Given a text that went on once, and an attempt that was beaten to it
    Continues first = new Continues("a", 2L, 4L);
    Continues second = new Continues("b", 3L, 6L);
    TextSoFar text = new TextSoFar(second);

    // When
    List<ResponseChunk> before =
        List.of(
            data("a", "a1", 0, null),
            data("x", "x1", 0, null),
            data("a", "a2", 1, null),
            reset(true, "a", "x"),
            data("b", "b1", 2, first));
    before.forEach(chunk -> assertThat(text.accept(chunk)).isEmpty());
    Optional<Continuation> found = text.accept(reset(true, "b"));

    // Then
    assertThat(found).contains(new Continuation(second, bytes("a1a2b1")));
  }

  @Test
  void aTextThatWasBegunAnewIsTheNewOne() {
    Continues wanted = new Continues("b", 1L, 2L);
    TextSoFar text = new TextSoFar(wanted);
    assertThat(text.accept(data("a", "a1", 0, null))).isEmpty();
    assertThat(text.accept(reset(true, "a"))).isEmpty();
    assertThat(text.accept(data("b", "b1", 0, null))).isEmpty();
    assertThat(text.accept(reset(true, "b"))).contains(new Continuation(wanted, bytes("b1")));
  }

  @Test
  void aTextThatIsVoidIsNotFound() {
    TextSoFar text = new TextSoFar(new Continues("a", 1L, 2L));
    assertThat(text.accept(data("a", "a1", 0, null))).isEmpty();
    assertThat(text.accept(reset(false, "a"))).isEmpty();
  }
}
