package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.dispatcher.http.Endpoint;
import io.weir.dispatcher.http.EngineConnections;
import io.weir.schemas.GeoLink;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

class RttReportTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RttReport report = new RttReport("here", Clock.systemUTC(), nanos::get);
  private final EngineSlots engine = engine("e1");

  @Test
  void nothingIsSaidBeforeAnythingIsKnown() {
    assertThat(report.due(List.of(engine))).isEmpty();
  }

  @Test
  void aTimeIsSaidOnceUntilItChangesByATenth() {
    measure(0.100);
    assertThat(report.due(List.of(engine)))
        .extracting(GeoLink::getRttMillis)
        .containsExactly(100.0);
    assertThat(report.due(List.of(engine))).isEmpty();
    measure(0.108);
    assertThat(report.due(List.of(engine))).isEmpty();
    measure(0.112);
    assertThat(report.due(List.of(engine)))
        .extracting(GeoLink::getRttMillis)
        .containsExactly(112.0);
  }

  @Test
  void withinADataCentreOnlyHalfAMillisecondIsAChange() {
    measure(0.0002);
    assertThat(report.due(List.of(engine))).hasSize(1);
    measure(0.0006);
    assertThat(report.due(List.of(engine))).isEmpty();
    measure(0.0008);
    assertThat(report.due(List.of(engine))).hasSize(1);
  }

  @Test
  void everyTimeIsSaidAgainAfterHalfAMinute() {
    measure(0.05);
    assertThat(report.due(List.of(engine))).hasSize(1);
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(report.due(List.of(engine))).hasSize(1);
  }

  @Test
  void anEngineThatIsBackIsNew() {
    measure(0.05);
    assertThat(report.due(List.of(engine))).hasSize(1);
    assertThat(report.due(List.of())).isEmpty();
    assertThat(report.due(List.of(engine))).hasSize(1);
  }

  @Test
  void aFewSlowProbesAreNotTheDistance() {
    RttEstimate estimate = new RttEstimate();
    for (int i = 0; i < 16; i++) {
      estimate.add(i % 2 == 0 ? 0.010 : 0.300);
    }
    assertThat(estimate.seconds()).isEqualTo(0.010);
  }

  private void measure(double seconds) {
    for (int i = 0; i < 16; i++) {
      engine.rtt().add(seconds);
    }
  }

  static EngineSlots engine(String id) {
    URI url = URI.create("http://127.0.0.1:9");
    return new EngineSlots(
        new EngineTerms(
            id, url, Rig.POOL, 1, 4, false, Optional.empty(), Optional.empty(), false, "local"),
        new EngineConnections(
            Endpoint.of(url),
            Duration.ofSeconds(1),
            4,
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            System::nanoTime),
        System::nanoTime);
  }
}
