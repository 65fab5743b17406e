package io.weir.routing.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventIdsTest {
  @Test
  void everyEventGetsItsId() {
    assertThat(insert("data: é\n\nevent: x\ndata: 2\n\ndata: [DONE]\n\n", 9))
        .isEqualTo("id: a.9\ndata: é\n\nid: a.10\nevent: x\ndata: 2\n\nid: a.11\ndata: [DONE]\n\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'data: 1\\r\\n\\r\\ndata: 2\\r\\n\\r\\n', 2",
    "'data: 1\\r\\rdata: 2\\r\\r', 2",
    "'data: 1\\n\\ndata: 2', 2",
    "': comment\\n\\n', 1",
    "'data: 1\\ndata: 2\\n\\n', 1",
    "'', 0"
  })
  void linesEndInAnyWay(String escaped, int events) {
    // Given
    String text = escaped.translateEscapes();

    // When
    String withIds = insert(text, 0);

    // Then
    assertThat(EventIds.count(ByteBuffer.wrap(text.getBytes(UTF_8)))).isEqualTo(events);
    assertThat(withIds.replaceAll("id: a\\.\\d+\n", "")).isEqualTo(text);
    assertThat(withIds.split("id: a\\.", -1)).hasSize(events + 1);
  }

  private static String insert(String text, long firstSeq) {
    return new String(EventIds.insert(ByteBuffer.wrap(text.getBytes(UTF_8)), "a", firstSeq), UTF_8);
  }
}
