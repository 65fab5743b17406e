package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"batching", "instant"})
  void vectorsFollowFromTheTextInBothEncodings(String timing) throws Exception {
    try (EngineServer server = EngineClient.start(Map.of("timing", timing, "speed", "50"));
        EngineClient client = new EngineClient(server)) {
      // When
      JsonNode several = ask(client, "\"input\":[\"alpha\",\"beta\",\"alpha\"],\"dimensions\":8");
      JsonNode one =
          ask(client, "\"input\":\"beta\",\"encoding_format\":\"base64\",\"dimensions\":8");
      JsonNode standard = ask(client, "\"input\":[7,8,9]");

      // Then
      assertThat(several.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
      assertThat(several.path("data")).hasSize(3);
      assertThat(several.at("/data/2/index").asInt()).isEqualTo(2);
      assertThat(several.at("/data/0/embedding")).isEqualTo(several.at("/data/2/embedding"));
      assertThat(several.at("/data/0/embedding")).isNotEqualTo(several.at("/data/1/embedding"));
      ByteBuffer floats =
          ByteBuffer.wrap(Base64.getDecoder().decode(one.at("/data/0/embedding").asText()))
              .order(ByteOrder.LITTLE_ENDIAN);
      double squares = 0;
      for (JsonNode number : several.at("/data/1/embedding")) {
        assertThat(floats.getFloat()).isEqualTo((float) number.asDouble());
        squares += number.asDouble() * number.asDouble();
      }
      assertThat(squares).isBetween(.999, 1.001);
      assertThat(standard.at("/data/0/embedding")).hasSize(384);
    }
  }

  private static JsonNode ask(EngineClient client, String fields) throws Exception {
    return EngineClient.json(
        client.post("/v1/embeddings", "{\"model\":\"llama-3-8b\"," + fields + "}"));
  }
}
