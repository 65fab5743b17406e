package io.weir.controller.telemetry;

import io.weir.controller.telemetry.PageReader.Page;
import io.weir.routing.telemetry.EngineMetrics;
import io.weir.routing.telemetry.Exposition;
import io.weir.schemas.MetricsDialect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks at one engine: its health page, its metrics, and where it has neither, its list of models.
 * An engine without metrics is up as long as it answers. Belongs to one thread.
 */
final class EngineProbe {
  /** trtllm-serve has its metrics on the second; its first is JSON. */
  private static final List<String> METRICS = List.of("/metrics", "/prometheus/metrics");

  private final EngineTarget target;
  private final PageReader pages;
  private final Duration timeout;
  private final LongSupplier nanoClock;
  private boolean recognised;
  private int metricsPath;

  EngineProbe(EngineTarget target, PageReader pages, Duration timeout, LongSupplier nanoClock) {
    this.target = target;
    this.pages = pages;
    this.timeout = timeout;
    this.nanoClock = nanoClock;
  }

  Sight look() throws InterruptedException {
    long deadline = nanoClock.getAsLong() + timeout.toNanos();
    try {
      Page health = get(target.page("/health"), deadline);
      if (health.isServerError()) {
        return new Sight.Lost("/health answered " + health.status());
      }
      Optional<EngineMetrics.Page> metrics =
          target.dialect() == MetricsDialect.NONE ? Optional.empty() : metrics(deadline);
      recognised |= metrics.isPresent();
      return health.isOk() || metrics.isPresent() ? new Sight.Seen(metrics) : models(deadline);
    } catch (HttpTimeoutException late) {
      return new Sight.Late();
    } catch (ConnectException refused) {
      return new Sight.Lost("refuses connections");
    } catch (NonsenseException | PageTooLargeException nonsense) {
      return new Sight.Lost(nonsense.getMessage());
    } catch (IOException broken) {
      return new Sight.Lost("broke off: " + broken.getMessage());
    }
  }

  private Optional<EngineMetrics.Page> metrics(long deadline)
      throws IOException, InterruptedException {
    if (target.metrics().isPresent()) {
      return read(get(target.metrics().get(), deadline), "its metrics");
    }
    Optional<EngineMetrics.Page> first = metricsAt(metricsPath, deadline);
    if (first.isPresent() || recognised) {
      return first;
    }
    int other = 1 - metricsPath;
    Optional<EngineMetrics.Page> second = metricsAt(other, deadline);
    if (second.isPresent()) {
      metricsPath = other;
    }
    return second;
  }

  private Optional<EngineMetrics.Page> metricsAt(int path, long deadline)
      throws IOException, InterruptedException {
    return read(get(target.page(METRICS.get(path)), deadline), METRICS.get(path));
  }

  /** Nonsense counts against an engine only if metrics are to be expected there. */
  private Optional<EngineMetrics.Page> read(Page page, String what) throws NonsenseException {
    if (!page.isOk()) {
      return Optional.empty();
    }
    Exposition exposition = Exposition.parse(page.text());
    boolean expected = recognised || target.metrics().isPresent();
    if (!exposition.isPlausible() && expected) {
      throw new NonsenseException(what + " are not Prometheus text");
    }
    return exposition.isPlausible()
        ? EngineMetrics.read(target.dialect(), exposition)
        : Optional.empty();
  }

  private Sight models(long deadline) throws IOException, InterruptedException {
    Page models = get(target.page("/v1/models"), deadline);
    return models.isOk()
        ? new Sight.Seen(Optional.empty())
        : new Sight.Lost("/v1/models answered " + models.status());
  }

  private Page get(URI at, long deadline) throws IOException, InterruptedException {
    Duration left = Duration.ofNanos(deadline - nanoClock.getAsLong());
    if (!left.isPositive()) {
      throw new HttpTimeoutException("no time left");
    }
    return pages.get(at, target.keyFor(at), left);
  }

  /** A page makes no sense where it has to. */
  private static final class NonsenseException extends IOException {
    private static final long serialVersionUID = 1L;

    NonsenseException(String message) {
      super(message);
    }
  }
}
