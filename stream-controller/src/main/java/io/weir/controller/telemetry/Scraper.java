package io.weir.controller.telemetry;

import io.weir.schemas.EngineSample;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples one engine at a steady beat until it is closed; never says anything after that. */
final class Scraper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);

  private final EngineTarget target;
  private final EngineProbe probe;
  private final Duration interval;
  private final Clock clock;
  private final BooleanSupplier mayAct;
  private final Consumer<EngineSample> publisher;
  private final ScrapeListener listener;
  private final Thread thread;
  // Guarded by this.
  private SampleSeries series;
  private Optional<Boolean> up = Optional.empty();
  private boolean closed;

  /**
   * @param mayAct whether this controller still is who it takes itself for
   * @param publisher takes every sample; must not block for long
   */
  Scraper(
      EngineTarget target,
      SampleSeries series,
      EngineProbe probe,
      Duration interval,
      Clock clock,
      BooleanSupplier mayAct,
      Consumer<EngineSample> publisher,
      ScrapeListener listener) {
    this.target = target;
    this.series = series;
    this.probe = probe;
    this.interval = interval;
    this.clock = clock;
    this.mayAct = mayAct;
    this.publisher = publisher;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("weir-scrape-" + target.id()).unstarted(this::run);
  }

  Scraper start() {
    thread.start();
    return this;
  }

  EngineTarget target() {
    return target;
  }

  synchronized long epoch() {
    return series.epoch();
  }

  /** Goes on in a newer epoch. */
  synchronized void restart(SampleSeries newer) {
    series = newer;
  }

  private void run() {
    long next = System.nanoTime();
    try {
      while (true) {
        sample();
        next = Math.max(next + interval.toNanos(), System.nanoTime());
        Thread.sleep(Duration.ofNanos(next - System.nanoTime()));
      }
    } catch (InterruptedException stopped) {
      LOG.trace("engine={} is not asked any more", target.id());
    }
  }

  private void sample() throws InterruptedException {
    if (!mayAct.getAsBoolean()) {
      return;
    }
    try {
      long begun = System.nanoTime();
      Sight sight = probe.look();
      listener.looked(sight.outcome(), Duration.ofNanos(System.nanoTime() - begun));
      publish(sight);
    } catch (RuntimeException fault) {
      LOG.error("sample of engine={} failed by a fault", target.id(), fault);
    }
  }

  private synchronized void publish(Sight sight) {
    // Another may have taken over while this one looked, or slept.
    if (closed || !mayAct.getAsBoolean()) {
      return;
    }
    series.next(sight, clock.instant()).ifPresent(this::publish);
  }

  private void publish(EngineSample sample) {
    if (!Optional.of(sample.getUp()).equals(up)) {
      up = Optional.of(sample.getUp());
      LOG.info(
          "engine={} is {}",
          target.id(),
          sample.getProblem().map(why -> "down: " + why).orElse("up"));
    }
    publisher.accept(sample);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    thread.interrupt();
  }
}
