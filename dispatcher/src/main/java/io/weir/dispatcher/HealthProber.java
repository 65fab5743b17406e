package io.weir.dispatcher;

import io.weir.dispatcher.EngineHealth.Sight;
import io.weir.dispatcher.Watchdog.Watch;
import io.weir.dispatcher.http.Exchange;
import io.weir.dispatcher.http.ResponseHeader;
import io.weir.dispatcher.http.UnreachableException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
  private final String source;
  private final LongSupplier nanoClock;
  private final Map<EngineSlots, Patient> patients = new ConcurrentHashMap<>();
  private volatile Listener listener = (desk, engine, healthy) -> {};

  private record Patient(PoolDesk desk, EngineHealth health, Thread prober) {}

  /** Hears that an engine is in or out. */
  interface Listener {
    void changed(PoolDesk desk, EngineSlots engine, boolean healthy);
  }

  /**
   * @param source who asks, which simulated engines take as a distance
   */
  HealthProber(HealthConfig config, String source, Watchdog watchdog, LongSupplier nanoClock) {
    this.config = config;
    this.source = source;
    this.watchdog = watchdog;
    this.nanoClock = nanoClock;
  }

  void listener(Listener whoHears) {
    listener = whoHears;
  }

  /** Probes an engine from now on. */
  void add(PoolDesk desk, EngineSlots engine) {
    Thread prober =
        Thread.ofVirtual().name("weir-probe-" + engine.id()).unstarted(() -> watch(engine));
    patients.put(engine, new Patient(desk, new EngineHealth(config), prober));
    prober.start();
  }

  /** Probes an engine no more. */
  void remove(EngineSlots engine) {
    Patient patient = patients.remove(engine);
    if (patient != null) {
      patient.prober().interrupt();
    }
  }

  @Override
  public void saw(EngineSlots engine, Sight sight) {
    Patient patient = patients.get(engine);
    if (patient == null) {
      // A request that outlived its engine's removal.
      return;
    }
    boolean healthy = patient.health().saw(sight);
    if (healthy != engine.isHealthy()) {
      LOG.info("engine={} is {} after {}", engine.id(), healthy ? "in" : "out", sight);
      listener.changed(patient.desk(), engine, healthy);
    }
  }

  private void watch(EngineSlots engine) {
    while (patients.containsKey(engine)) {
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
      var head = exchange.head("GET", path).header("Accept", "*/*").header("x-weir-source", source);
      engine
          .terms()
          .apiKey()
          .ifPresent(key -> head.header("Authorization", "Bearer " + key.value()));
      exchange.send(head);
      ResponseHeader header = exchange.readHeader();
      engine.rtt().add((nanoClock.getAsLong() - sent) / 1e9);
      while (exchange.next() >= 0) {
        // Only the status counts, and the connection is to be used again.
      }
      return header.status();
    }
  }

  @Override
  public void close() {
    patients.keySet().forEach(this::remove);
  }
}
