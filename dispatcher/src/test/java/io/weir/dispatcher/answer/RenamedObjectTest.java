package io.weir.dispatcher.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class RenamedObjectTest {
  private static final ResponseFields BACKGROUND = ResponseFields.background("resp_w");
  private static final ResponseFields ATTENDED = ResponseFields.attended("resp_w");

  private static String renamed(ResponseFields fields, String text, int piece) {
    RenamedObject object = new RenamedObject(fields);
    byte[] bytes = text.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += piece) {
      out.writeBytes(object.accept(bytes, at, Math.min(piece, bytes.length - at)));
    }
    return out.toString(UTF_8);
  }

  private static void assertRenamed(ResponseFields fields, String text, String expected) {
    for (int piece = 1; piece <= text.getBytes(UTF_8).length; piece++) {
      assertThat(renamed(fields, text, piece)).as("pieces of %d", piece).isEqualTo(expected);
    }
  }

  @Test
  void topLevelFieldsAreReplacedAndNothingElse() {
    assertRenamed(
        BACKGROUND,
        """
        { "object":"response", "id" : "resp_0123" ,"background":false,"tools":[{"id":"t"}],
          "output":[{"id":"msg_1","background":false,"text":"\\"id\\":\\"x\\" é 日"}],"x":"id"}
        """,
        """
        { "object":"response", "id" : "resp_w" ,"background":true,"tools":[{"id":"t"}],
          "output":[{"id":"msg_1","background":false,"text":"\\"id\\":\\"x\\" é 日"}],"x":"id"}
        """);
  }

  @Test
  void whatTheClientWaitsForKeepsTheEnginesBackground() {
    assertRenamed(
        ATTENDED,
        "{\"background\":false,\"id\":\"a\\\"b\\\\\",\"z\":1}",
        "{\"background\":false,\"id\":\"resp_w\",\"z\":1}");
  }

  @Test
  void literalsAreReplacedAndObjectsAreNot() {
    assertRenamed(
        BACKGROUND, "{\"id\":null,\"background\":null}", "{\"id\":\"resp_w\",\"background\":true}");
    assertRenamed(BACKGROUND, "{\"id\":{\"id\":\"x\"}}", "{\"id\":{\"id\":\"x\"}}");
    assertRenamed(BACKGROUND, "{\"id\":[\"x\"]}", "{\"id\":[\"x\"]}");
  }
}
