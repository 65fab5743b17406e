package io.weir.dispatcher;

import io.weir.dispatcher.EngineHealth.Sight;
import io.weir.dispatcher.Watchdog.Watch;
import io.weir.dispatcher.http.Exchange;
import io.weir.dispatcher.http.ResponseHeader;
import io.weir.dispatcher.http.UnreachableException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every engine at a steady beat whether it is well: {@code /health}, or {@code /v1/models}
 * where there is no such page. Takes engines out and back.
 */
final class HealthProber implements AutoCloseable, EngineCall.EngineSights {
  private static final Logger LOG = LoggerFactory.getLogger(HealthProber.class);

  private final HealthConfig config;
  private final Watchdog watchdog;
  private final LongSupplier nanoClock;
  private final Map<EngineSlots, Patient> patients = new HashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile Listener listener = (desk, engine, healthy) -> {};
  private volatile boolean closed;

  private record Patient(PoolDesk desk, EngineHealth health) {}

  /** Hears that an engine is in or out. */
  interface Listener {
    void changed(PoolDesk desk, EngineSlots engine, boolean healthy);
  }

  HealthProber(
      HealthConfig config, Watchdog watchdog, LongSupplier nanoClock, List<PoolDesk> desks) {
    this.config = config;
    this.watchdog = watchdog;
    this.nanoClock = nanoClock;
    desks.forEach(
        desk ->
            desk.engines()
                .forEach(
                    engine -> patients.put(engine, new Patient(desk, new EngineHealth(config)))));
  }

  void start(Listener whoHears) {
    listener = whoHears;
    patients
        .keySet()
        .forEach(
            engine ->
                threads.add(
                    Thread.ofVirtual()
                        .name("weir-probe-" + engine.id())
                        .start(() -> watch(engine))));
  }

  @Override
  public void saw(EngineSlots engine, Sight sight) {
    Patient patient = patients.get(engine);
    boolean healthy = patient.health().saw(sight);
    if (healthy != engine.isHealthy()) {
      LOG.info("engine={} is {} after {}", engine.id(), healthy ? "in" : "out", sight);
      listener.changed(patient.desk(), engine, healthy);
    }
  }

  private void watch(EngineSlots engine) {
    while (!closed) {
      try {
        saw(engine, probe(engine));
        Thread.sleep(config.interval());
      } catch (InterruptedException stopped) {
        return;
      } catch (RuntimeException fault) {
        LOG.error("probe of engine={} failed by a fault", engine.id(), fault);
      }
    }
  }

  private Sight probe(EngineSlots engine) {
    try {
      int status = get(engine, "/health");
      if (status == 404) {
        status = get(engine, "/v1/models");
      }
      return status >= 200 && status < 300 ? Sight.ANSWERED : Sight.FAILED;
    } catch (UnreachableException failure) {
      return failure.getCause() instanceof ConnectException ? Sight.REFUSED : Sight.FAILED;
    } catch (IOException failure) {
      LOG.debug("probe of engine={} failed: {}", engine.id(), failure.getMessage());
      return Sight.FAILED;
    }
  }

  private int get(EngineSlots engine, String path) throws IOException {
    try (Exchange exchange = engine.connections().open();
        Watch watch = watchdog.over(exchange)) {
      watch.until(watchdog.after(config.timeout()));
      long sent = nanoClock.getAsLong();
      var head = exchange.head("GET", path).header("Accept", "*/*");
      engine
          .engine()
          .apiKey()
          .ifPresent(key -> head.header("Authorization", "Bearer " + key.value()));
      exchange.send(head);
      ResponseHeader header = exchange.readHeader();
      engine.rttSeconds((nanoClock.getAsLong() - sent) / 1e9);
      while (exchange.next() >= 0) {
        // Only the status counts, and the connection is to be used again.
      }
      return header.status();
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
