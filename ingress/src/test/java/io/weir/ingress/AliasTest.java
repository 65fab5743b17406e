package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.schemas.InferenceRequest;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's name that stands for several pools. */
class AliasTest {
  private static final String BODY = "{\"model\":\"chat\",\"messages\":[]}";

  private static Rig rig;
  private static Ingress ingress;

  @BeforeAll
  static void start(@TempDir Path directory) throws InterruptedException {
    rig = new Rig(directory);
    ingress = rig.ingress();
    rig.dispatcher.onRequest(
        request ->
            rig.dispatcher
                .attempt(request, request.getId())
                .whole(200, "application/json", "{}".getBytes(UTF_8)));
  }

  @AfterAll
  static void stop() {
    ingress.close();
    rig.close();
  }

  @Test
  void itsPoolsGetTheirShares() throws Exception {
    // When one client asks without a session
    Map<String, Integer> pools = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      pools.merge(ask("").getPool(), 1, Integer::sum);
    }

    // Then a fifth, six standard deviations either way, goes to the canary
    assertThat(pools.get(Rig.CANARY.name())).isBetween(6, 74);
    assertThat(pools.get(Rig.POOL.name())).isEqualTo(200 - pools.get(Rig.CANARY.name()));
  }

  @Test
  void aSessionStaysInItsPool() throws Exception {
    for (String session : new String[] {"a", "b", "c", "d", "e", "f", "g", "h"}) {
      String pool = ask(session).getPool();
      for (int i = 0; i < 5; i++) {
        assertThat(ask(session).getPool()).isEqualTo(pool);
      }
    }
  }

  @Test
  void isListedAmongTheModels() throws Exception {
    JsonNode models = Client.json(Client.get(ingress, "/v1/models").body()).get("data");
    assertThat(models.findValuesAsText("id"))
        .containsExactly("chat", "llama", "llama-next", "meta-llama/Llama-3");
    assertThat(Client.get(ingress, "/v1/models/chat").statusCode()).isEqualTo(200);
  }

  private static InferenceRequest ask(String session) throws Exception {
    HttpRequest.Builder request =
        Client.request(ingress, Client.CHAT).POST(HttpRequest.BodyPublishers.ofString(BODY));
    if (!session.isEmpty()) {
      request.header("x-weir-session", session);
    }
    assertThat(Client.send(request.build()).statusCode()).isEqualTo(200);
    return rig.dispatcher.take();
  }
}
