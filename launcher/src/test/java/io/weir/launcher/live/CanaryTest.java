package io.weir.launcher.live;

import static io.weir.launcher.live.LiveFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.live.EventLog.Dispatch;
import io.weir.sim.Timing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An alias splits requests between two versions of a model. */
class CanaryTest {
  private static final int REQUESTS = 400;
  private static final String FLEET =
      """
      sources: [{name: home}]
      pools:
        - {name: v1, weights: static}
        - {name: v2, weights: static}
      aliases: {chat: {v1: 0.8, v2: 0.2}}
      engines:
        - {id: old-1, url: "http://127.0.0.1:0", pool: v1}
        - {id: old-2, url: "http://127.0.0.1:0", pool: v1}
        - {id: new-1, url: "http://127.0.0.1:0", pool: v2}
      engine-sim: {old-1: {}, old-2: {}, new-1: {}}
      """;

  private static LiveFleet fleet;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    fleet = LiveFleet.start(FLEET, Optional.of(Timing.INSTANT));
  }

  @AfterAll
  static void stop() throws IOException {
    fleet.close();
  }

  private static int ask(HttpClient http, String session) throws IOException, InterruptedException {
    URI ingress = fleet.system().ingresses().get("home");
    return http.send(
            HttpRequest.newBuilder(ingress.resolve("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .header("x-weir-session", session)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"chat\",\"max_tokens\":1,\"messages\":"
                            + "[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void sessionsAreSplitByTheSharesAndStay() throws IOException, InterruptedException {
    // When each session asks, and some ask again
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(ask(http, "session-" + i)).isEqualTo(200);
      }
      until("all are seen", () -> fleet.log().dispatchesSince(0).size() >= REQUESTS);
      List<Dispatch> split = fleet.log().dispatchesSince(0);
      for (int i = 0; i < 20; i++) {
        assertThat(ask(http, "session-7")).isEqualTo(200);
      }
      until("all are seen", () -> fleet.log().dispatchesSince(0).size() >= REQUESTS + 20);

      // Then the new version has its share, within four standard deviations
      long toNew = split.stream().filter(one -> one.pool().equals("v2")).count();
      double deviation = Math.sqrt(REQUESTS * 0.2 * 0.8);
      LiveFleet.measured("canary: part that went to v2", (double) toNew / REQUESTS);
      assertThat(toNew)
          .isBetween(
              Math.round(0.2 * REQUESTS - 4 * deviation),
              Math.round(0.2 * REQUESTS + 4 * deviation));
      List<Dispatch> all = fleet.log().dispatchesSince(0);
      assertThat(
              all.subList(REQUESTS, all.size()).stream()
                  .map(Dispatch::pool)
                  .collect(Collectors.toSet()))
          .as("one session has one version")
          .hasSize(1);
    }
  }
}
