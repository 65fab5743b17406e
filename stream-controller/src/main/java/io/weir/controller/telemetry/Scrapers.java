package io.weir.controller.telemetry;

import io.weir.schemas.EngineSample;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One scraper for every engine that this controller owns. */
final class Scrapers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scrapers.class);

  private final String self;
  private final TelemetryConfig config;
  private final PageReader pages;
  private final Clock clock;
  private final BooleanSupplier mayAct;
  private final ToLongFunction<String> lastEpoch;
  private final Consumer<EngineSample> publisher;
  private final ScrapeListener listener;
  // Guarded by this.
  private final Map<String, Scraper> running = new HashMap<>();
  private boolean closed;

  /**
   * @param self this controller's id
   * @param mayAct whether this controller still is who it takes itself for
   * @param lastEpoch the newest epoch in which an engine was sampled by anyone, as far as is known
   */
  Scrapers(
      String self,
      TelemetryConfig config,
      PageReader pages,
      Clock clock,
      BooleanSupplier mayAct,
      ToLongFunction<String> lastEpoch,
      Consumer<EngineSample> publisher,
      ScrapeListener listener) {
    this.self = self;
    this.config = config;
    this.pages = pages;
    this.clock = clock;
    this.mayAct = mayAct;
    this.lastEpoch = lastEpoch;
    this.publisher = publisher;
    this.listener = listener;
  }

  /** From now on these engines are its own, and no others. */
  synchronized void own(Collection<EngineTarget> targets) {
    if (closed) {
      return;
    }
    Map<String, EngineTarget> wanted =
        targets.stream().collect(Collectors.toMap(EngineTarget::id, target -> target));
    running
        .values()
        .removeIf(
            scraper -> {
              boolean stays = scraper.target().equals(wanted.get(scraper.target().id()));
              if (!stays) {
                scraper.close();
              }
              return !stays;
            });
    wanted.forEach((id, target) -> running.computeIfAbsent(id, any -> scraper(target)));
  }

  /**
   * A sample stands in the topic. One of another owner in an epoch that is not older than ours
   * would make ours void: its clock was ahead. So ours go on in a newer one.
   */
  synchronized void saw(EngineSample sample) {
    Scraper scraper = running.get(sample.getEngine());
    if (scraper != null
        && !sample.getOwner().equals(self)
        && sample.getOwnerEpoch() >= scraper.epoch()) {
      LOG.info("engine={} was last owned by {}", sample.getEngine(), sample.getOwner());
      scraper.restart(series(sample.getEngine()));
    }
  }

  synchronized int size() {
    return running.size();
  }

  private Scraper scraper(EngineTarget target) {
    LOG.info("engine={} is sampled from now on by {}", target.id(), self);
    return new Scraper(
            target,
            series(target.id()),
            new EngineProbe(target, pages, config.timeout(), System::nanoTime),
            config.interval(),
            clock,
            mayAct,
            publisher,
            listener)
        .start();
  }

  private SampleSeries series(String engine) {
    long epoch = Math.max(clock.millis(), lastEpoch.applyAsLong(engine) + 1);
    return new SampleSeries(engine, self, epoch);
  }

  @Override
  public synchronized void close() {
    closed = true;
    running.values().forEach(Scraper::close);
    running.clear();
  }
}
