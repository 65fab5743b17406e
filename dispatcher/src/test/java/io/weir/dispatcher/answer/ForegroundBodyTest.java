package io.weir.dispatcher.answer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ForegroundBodyTest {
  private static String of(String body) {
    return UTF_8.decode(ForegroundBody.of(ByteBuffer.wrap(body.getBytes(UTF_8)))).toString();
  }

  @Test
  void onlyTheTopLevelBackgroundChanges() {
    assertThat(
            of(
                "{ \"input\" : [{\"background\":true}],\"background\" : true ,\"é\":\"background\"}"))
        .isEqualTo(
            "{ \"input\" : [{\"background\":true}],\"background\" : false ,\"é\":\"background\"}");
  }

  @Test
  void aBodyWithoutItStaysTheSame() {
    ByteBuffer body = ByteBuffer.wrap("{\"background\":false,\"input\":\"x\"}".getBytes(UTF_8));

    assertThat(ForegroundBody.of(body)).isSameAs(body);
  }

  @Test
  void aBodyMayLieAnywhereInItsArray() {
    byte[] padded = "..{\"background\":true}.".getBytes(UTF_8);
    ByteBuffer body = ByteBuffer.wrap(padded, 2, padded.length - 3).slice();

    assertThat(UTF_8.decode(ForegroundBody.of(body)).toString())
        .isEqualTo("{\"background\":false}");
  }
}
