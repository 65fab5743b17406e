package io.weir.ingress.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.ingress.jobs.MultipartReader.MalformedException;
import io.weir.ingress.jobs.MultipartReader.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
  private static final String FORM =
      "preamble\r\n--b--x \t\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch"
          + "\r\n--b--x\r\ncontent-disposition: form-data; name=file; filename=\"a\\\"b;.jsonl\"\r\n"
          + "Content-Type: application/octet-stream\r\n\r\none\r\n--b-\r\r\n--two\r\n"
          + "\r\n--b--x\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n"
          + "\r\n--b--x--\r\nepilogue";

  /** Gives a few bytes at a time. */
  private static final class Dripping extends InputStream {
    private final InputStream in;
    private final int most;

    Dripping(byte[] bytes, int most) {
      this.in = new ByteArrayInputStream(bytes);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      return in.read(to, offset, Math.min(length, most));
    }
  }

  private static Map<Part, String> read(byte[] form, String boundary, int drip) throws IOException {
    MultipartReader reader = new MultipartReader(new Dripping(form, drip), boundary);
    Map<Part, String> parts = new LinkedHashMap<>();
    byte[] buffer = new byte[1 + drip * 3];
    for (Optional<Part> part = reader.next(); part.isPresent(); part = reader.next()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
        text.write(buffer, 0, read);
      }
      parts.put(part.get(), text.toString(ISO_8859_1));
    }
    return parts;
  }

  @Test
  void partsAreTheSameHoweverTheBodyArrives() throws IOException {
    for (int drip = 1; drip < FORM.length(); drip++) {
      assertThat(read(FORM.getBytes(ISO_8859_1), "b--x", drip))
          .as("%d bytes at a time", drip)
          .containsExactly(
              Map.entry(new Part("purpose", Optional.empty()), "batch"),
              Map.entry(new Part("file", Optional.of("a\"b;.jsonl")), "one\r\n--b-\r\r\n--two\r\n"),
              Map.entry(new Part("empty", Optional.empty()), ""));
    }
  }

  @Test
  void aLargePartOfAnyBytesComesAsItIs() throws IOException {
    // Given bytes among which line ends and hyphens are frequent
    Random random = new Random(7);
    byte[] bytes = new byte[300_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) "\r\n-bx\0".charAt(random.nextInt(6));
    }
    String content = new String(bytes, ISO_8859_1);
    String form =
        "--bxb\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"
            + content.replace("\r\n--bxb", "")
            + "\r\n--bxb--";
    // When / Then
    assertThat(read(form.getBytes(ISO_8859_1), "bxb", 7_000).values())
        .containsExactly(content.replace("\r\n--bxb", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--b",
        "--bc\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b",
        "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data"
      })
  void aBrokenFormIsRefused(String form) {
    assertThatThrownBy(() -> read(form.getBytes(ISO_8859_1), "b", 5))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void headersWithoutEndAreRefused() {
    String form = "--b\r\nX: " + "y".repeat(100_000);
    assertThatThrownBy(() -> read(form.getBytes(ISO_8859_1), "b", 1000))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void theBoundaryIsFoundInTheContentType() {
    assertThat(MultipartReader.boundary("multipart/form-data; boundary=abc")).contains("abc");
    assertThat(MultipartReader.boundary("Multipart/Form-Data; x=y; Boundary=\"a;b\""))
        .contains("a;b");
    assertThat(MultipartReader.boundary("multipart/form-data")).isEmpty();
    assertThat(MultipartReader.boundary("application/json; boundary=abc")).isEmpty();
  }
}
