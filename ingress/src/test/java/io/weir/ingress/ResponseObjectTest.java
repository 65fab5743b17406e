package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.ResponseHead;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponseObjectTest {
  private static ResponseHead head(int status, String type) {
    return new ResponseHead(status, type, null, "e", null, 0L, null, false);
  }

  private static Optional<String> of(int status, String type, String body) {
    return ResponseObject.of(head(status, type), body.getBytes(UTF_8))
        .map(bytes -> new String(bytes, UTF_8));
  }

  @Test
  void itIsTheAnswerItself() {
    assertThat(of(200, "application/json", "{ \"é\":1.50 }\n")).contains("{ \"é\":1.50 }\n");
    assertThat(of(200, "application/json", "{} {}")).isEmpty();
    assertThat(of(400, "application/json", "{}")).isEmpty();
  }

  @Test
  void orItStandsInTheLastEvent() {
    String events =
        """
        event: response.created
        data: {"response":{"status":"in_progress"}}

        event: response.completed
        data: {"type":"response.completed","é":[{"response":{}}],"response":{ "status":"completed","é":{} },"n":1}

        : a comment

        """;

    assertThat(of(200, "text/event-stream; charset=utf-8", events))
        .contains("{ \"status\":\"completed\",\"é\":{} }");
    assertThat(of(200, "text/event-stream", events.replace("\n", "\r\n")))
        .contains("{ \"status\":\"completed\",\"é\":{} }");
  }

  @Test
  void withoutOneTheEnginesWordsAreFound() {
    byte[] refusal = "{\"error\":{\"code\":1,\"message\":\"too long\"}}".getBytes(UTF_8);
    byte[] bare = "{\"object\":\"error\",\"message\":\"too long\"}".getBytes(UTF_8);
    byte[] event =
        "event: error\ndata: {\"type\":\"error\",\"message\":\"no\"}\n\n".getBytes(UTF_8);

    assertThat(ResponseObject.error(head(400, "application/json"), refusal)).contains("too long");
    assertThat(ResponseObject.error(head(400, "application/json"), bare)).contains("too long");
    assertThat(ResponseObject.error(head(200, "text/event-stream"), event)).contains("no");
    assertThat(ResponseObject.error(head(400, "text/html"), "<p>".getBytes(UTF_8))).isEmpty();
    assertThat(of(200, "text/event-stream", new String(event, UTF_8))).isEmpty();
  }
}
