package io.weir.controller.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.routing.config.Configs;
import io.weir.routing.config.Secret;
import io.weir.routing.telemetry.EngineMetrics;
import io.weir.schemas.MetricsDialect;
import io.weir.sim.EngineServer;
import io.weir.sim.EngineServerConfig;
import io.weir.sim.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a look gives at engines of every kind and condition. */
@Timeout(60)
class EngineProbeTest {
  private static final String VLLM = "vllm:num_requests_running{m=\"x\"} 3\n";

  private final FakeEngine engine = new FakeEngine();
  private final PageReader pages =
      new PageReader(Configs.with(TelemetryConfig.class, Map.of("page", "64KiB")));

  @AfterEach
  void close() {
    pages.close();
    engine.close();
  }

  @Test
  void aSimulatedEngine() throws InterruptedException {
    try (EngineServer server = EngineServer.start(Configs.defaults(EngineServerConfig.class))) {
      EngineProbe probe = probe(server.uri(), MetricsDialect.AUTO, Optional.empty());

      assertThat(page(probe.look()).dialect()).isEqualTo(MetricsDialect.VLLM);
      assertThat(page(probe.look()).reading().running()).hasValue(0);
    }
  }

  @Test
  void anEngineThatSaysItCannotServe() throws InterruptedException {
    try (EngineServer server = EngineServer.start(Configs.defaults(EngineServerConfig.class))) {
      server.faults().add(new Fault.Unhealthy());

      assertThat(probe(server.uri(), MetricsDialect.AUTO, Optional.empty()).look())
          .isEqualTo(new Sight.Lost("/health answered 503"));
    }
  }

  @Test
  void anEngineWithoutMetrics() throws InterruptedException {
    engine.page("/health", 200, "");

    assertThat(look(MetricsDialect.AUTO)).isEqualTo(new Sight.Seen(Optional.empty()));
    assertThat(look(MetricsDialect.VLLM)).isEqualTo(new Sight.Seen(Optional.empty()));
  }

  @Test
  void anApiWithoutHealthAndMetrics() throws InterruptedException {
    engine.page("/v1/models", 200, "{}");
    assertThat(look(MetricsDialect.NONE)).isEqualTo(new Sight.Seen(Optional.empty()));

    engine.page("/v1/models", 401, "{}");
    assertThat(look(MetricsDialect.NONE)).isEqualTo(new Sight.Lost("/v1/models answered 401"));
  }

  @Test
  void metricsWithoutHealth() throws InterruptedException {
    engine.page("/metrics", 200, VLLM);

    assertThat(page(look(MetricsDialect.AUTO)).reading().running()).hasValue(3);
  }

  @Test
  void trtllmServeHasItsMetricsElsewhere() throws InterruptedException {
    // Given
    engine
        .page("/health", 200, "")
        .page("/metrics", 200, "[{\"iter\":1}]")
        .page("/prometheus/metrics", 200, "trtllm_num_requests_running 4\n");
    EngineProbe probe = probe(engine.uri(), MetricsDialect.AUTO, Optional.empty());

    // When
    assertThat(page(probe.look()).dialect()).isEqualTo(MetricsDialect.TRT_LLM);
    engine.requests.clear();
    assertThat(page(probe.look()).reading().running()).hasValue(4);

    // Then
    assertThat(engine.requests).noneMatch(request -> request.startsWith("GET /metrics "));
  }

  @Test
  void nonsenseAtAnEngineThatHadMetrics() throws InterruptedException {
    // Given
    engine.page("/health", 200, "").page("/metrics", 200, "<html>hello</html>");
    EngineProbe probe = probe(engine.uri(), MetricsDialect.AUTO, Optional.empty());
    assertThat(probe.look()).isEqualTo(new Sight.Seen(Optional.empty()));
    engine.page("/metrics", 200, VLLM);
    assertThat(probe.look()).isInstanceOf(Sight.Seen.class);

    // When
    engine.page("/metrics", 200, "<html>hello</html>");

    // Then
    assertThat(probe.look()).isEqualTo(new Sight.Lost("/metrics are not Prometheus text"));
  }

  @Test
  void whatIsNotHttp() throws InterruptedException {
    engine.act("/health", out -> out.write("SSH-2.0-OpenSSH_9.6\r\n\r\n".getBytes(ISO_8859_1)));

    assertThat(look(MetricsDialect.AUTO)).isInstanceOf(Sight.Lost.class);
  }

  @Test
  void whatBreaksOff() throws InterruptedException {
    engine
        .page("/health", 200, "")
        .act(
            "/metrics",
            out ->
                out.write("HTTP/1.1 200 x\r\nContent-Length: 99\r\n\r\nvllm".getBytes(ISO_8859_1)));

    assertThat(look(MetricsDialect.AUTO)).isInstanceOf(Sight.Lost.class);
  }

  @Test
  void whatHangs() throws InterruptedException {
    engine.hang("/health");
    assertThat(look(MetricsDialect.AUTO)).isEqualTo(new Sight.Late());

    engine.page("/health", 200, "").hang("/metrics");
    assertThat(look(MetricsDialect.AUTO)).isEqualTo(new Sight.Late());
  }

  @Test
  void whatComesInDrops() throws InterruptedException {
    engine
        .page("/health", 200, "")
        .act(
            "/metrics",
            out -> {
              out.write("HTTP/1.1 200 x\r\n\r\n".getBytes(ISO_8859_1));
              // As slowly as the client's clock runs: a byte now and then, and no end.
              while (true) {
                out.write('#');
                out.flush();
                LockSupport.parkNanos(20_000_000);
              }
            });

    assertThat(look(MetricsDialect.AUTO)).isEqualTo(new Sight.Late());
    // The connection is closed, not left to drip.
    await().atMost(Duration.ofSeconds(20)).until(() -> engine.requests.contains("gone"));
  }

  @Test
  void whatIsHuge() throws InterruptedException {
    engine
        .page("/health", 200, "")
        .act(
            "/metrics",
            out -> {
              out.write("HTTP/1.1 200 x\r\n\r\n".getBytes(ISO_8859_1));
              while (true) {
                out.write("vllm:num_requests_running 1\n".repeat(1000).getBytes(ISO_8859_1));
              }
            });

    assertThat(look(MetricsDialect.AUTO))
        .isEqualTo(new Sight.Lost("The page has more than 65536 bytes."));
  }

  @Test
  void whatRefuses() throws InterruptedException {
    assertThat(
            probe(URI.create("http://127.0.0.1:9"), MetricsDialect.AUTO, Optional.empty()).look())
        .isEqualTo(new Sight.Lost("refuses connections"));
  }

  @Test
  void theKeyGoesToTheEngineAlone() throws InterruptedException {
    try (FakeEngine metrics = new FakeEngine()) {
      // Given
      engine.page("/health", 200, "");
      metrics.page("/all", 200, VLLM);

      // When
      Sight sight =
          probe(engine.uri(), MetricsDialect.VLLM, Optional.of(metrics.uri().resolve("/all")))
              .look();

      // Then
      assertThat(page(sight).reading().running()).hasValue(3);
      assertThat(engine.requests.getFirst()).contains("Authorization: Bearer sk-1");
      assertThat(metrics.requests.getFirst()).doesNotContain("sk-1");
    }
  }

  @Test
  void redirectsAreNotFollowed() throws InterruptedException {
    try (FakeEngine elsewhere = new FakeEngine()) {
      engine.act(
          "/health",
          out ->
              out.write(
                  "HTTP/1.1 302 x\r\nLocation: %s/health\r\nContent-Length: 0\r\n\r\n"
                      .formatted(elsewhere.uri())
                      .getBytes(ISO_8859_1)));

      assertThat(look(MetricsDialect.NONE)).isEqualTo(new Sight.Lost("/v1/models answered 404"));
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  private Sight look(MetricsDialect dialect) throws InterruptedException {
    return probe(engine.uri(), dialect, Optional.empty()).look();
  }

  private EngineProbe probe(URI at, MetricsDialect dialect, Optional<URI> metrics) {
    return new EngineProbe(
        new EngineTarget("e", at.toString(), metrics, dialect, Optional.of(new Secret("sk-1"))),
        pages,
        // Long, so that a busy machine is not taken for a late engine.
        Duration.ofSeconds(3),
        System::nanoTime);
  }

  private static EngineMetrics.Page page(Sight sight) {
    assertThat(sight).isInstanceOf(Sight.Seen.class);
    return ((Sight.Seen) sight).page().orElseThrow();
  }
}
