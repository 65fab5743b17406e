package io.weir.routing.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.batch.LineSplitter.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static final String TEXT = "one\n\r\ntwo\r\n  \nthr\u00e9e\n\nfour";

  @Test
  void linesAreTheSameHoweverTheFileWasCut() throws IOException {
    byte[] bytes = TEXT.getBytes(UTF_8);
    for (int size = 1; size <= bytes.length; size++) {
      // When
      List<Line> lines = split(bytes, size, 100);
      // Then
      assertThat(lines.stream().map(LineSplitterTest::text))
          .as("parts of %d bytes", size)
          .containsExactly("one", "two", "thr\u00e9e", "four");
      assertThat(lines.stream().map(Line::number)).containsExactly(0, 2, 4, 6);
      assertThat(lines.stream().map(Line::index)).containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void aLineThatIsTooLongIsNotKept() throws IOException {
    // Given one of five bytes where four are the most, and one of four
    List<Line> lines = split("12345\n1234\n123456789".getBytes(UTF_8), 2, 4);
    // Then
    assertThat(lines.stream().map(Line::isTooLong)).containsExactly(true, false, true);
    assertThat(lines).allSatisfy(line -> assertThat(line.bytes().remaining()).isLessThan(6));
  }

  @Test
  void anEmptyFileHasNoLines() throws IOException {
    assertThat(split(new byte[0], 1, 10)).isEmpty();
    assertThat(split(" \n\n".getBytes(UTF_8), 1, 10)).isEmpty();
  }

  private static List<Line> split(byte[] bytes, int size, int longest) throws IOException {
    List<ByteBuffer> parts = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += size) {
      parts.add(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)));
    }
    Iterator<ByteBuffer> next = parts.iterator();
    LineSplitter splitter =
        new LineSplitter(
            () -> next.hasNext() ? Optional.of(next.next()) : Optional.empty(), longest);
    List<Line> lines = new ArrayList<>();
    for (Optional<Line> line = splitter.next(); line.isPresent(); line = splitter.next()) {
      lines.add(line.get());
    }
    return lines;
  }

  private static String text(Line line) {
    return UTF_8.decode(line.bytes().duplicate()).toString();
  }
}
