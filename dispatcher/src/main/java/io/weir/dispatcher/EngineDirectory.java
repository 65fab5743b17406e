package io.weir.dispatcher;

import io.weir.routing.config.Secret;
import io.weir.routing.fleet.Engine;
import io.weir.schemas.EngineSample;
import io.weir.schemas.EngineSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All engines of this dispatcher's pools. Begins with those of its configuration and follows {@code
 * weir.engines} from then on: engines are added, changed and removed while others work. What stood
 * in the topic at start is applied all at once, and there a missing engine counts as not yet
 * written rather than as removed, since that is what a compacted topic can tell.
 */
final class EngineDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineDirectory.class);

  private final Map<String, PoolDesk> desks;
  private final Map<String, Secret> apiKeys = new HashMap<>();
  private final Opener opener;
  private final Hosting hosting;
  private final Map<String, EngineSlots> engines = new HashMap<>();
  private final Map<String, EngineSpec> unread = new HashMap<>();
  private boolean caughtUp;

  /** Makes what an engine needs; opens no connection yet. */
  interface Opener {
    EngineSlots open(EngineTerms terms);
  }

  /** Hears what becomes of engines, and carries out what changes for waiting requests. */
  interface Hosting {
    void added(PoolDesk desk, EngineSlots engine);

    /** It gets no new work any more; its connections are to be closed. */
    void removed(PoolDesk desk, EngineSlots engine);

    void place(PoolDesk desk, List<Placement> placements);
  }

  EngineDirectory(Map<String, PoolDesk> desks, Opener opener, Hosting hosting) {
    this.desks = Map.copyOf(desks);
    this.opener = opener;
    this.hosting = hosting;
  }

  /** Takes the engines of the configuration. */
  synchronized void configured(List<Engine> configured) {
    for (Engine engine : configured) {
      engine.apiKey().ifPresent(key -> apiKeys.put(engine.id(), key));
      apply(EngineTerms.of(engine));
    }
  }

  /** A record of the topic: what an engine is now, or nothing if it was removed. */
  synchronized void heard(String id, Optional<EngineSpec> spec) {
    if (!caughtUp) {
      spec.ifPresentOrElse(now -> unread.put(id, now), () -> unread.remove(id));
    } else {
      spec.ifPresentOrElse(this::apply, () -> remove(id));
    }
  }

  /** Everything that stood in the topic at start has been heard. */
  synchronized void caughtUp() {
    caughtUp = true;
    unread.values().forEach(this::apply);
    unread.clear();
  }

  /**
   * An engine has said something about itself.
   *
   * @param ageMillis how long ago, by a clock that may differ from the other's
   */
  synchronized void sample(EngineSample sample, long ageMillis) {
    EngineSlots engine = engines.get(sample.getEngine());
    if (engine != null) {
      PoolDesk desk = desks.get(engine.terms().pool());
      hosting.place(desk, desk.sample(engine, sample, Math.max(0, ageMillis)));
    }
  }

  /** All of them. */
  synchronized List<EngineSlots> all() {
    return List.copyOf(engines.values());
  }

  private void apply(EngineSpec spec) {
    try {
      apply(EngineTerms.of(spec, Optional.ofNullable(apiKeys.get(spec.getId()))));
    } catch (IllegalArgumentException unusable) {
      LOG.error("engine={} stays as it was: {}", spec.getId(), unusable.getMessage());
    }
  }

  private void apply(EngineTerms terms) {
    EngineSlots engine = engines.get(terms.id());
    if (engine != null && !engine.terms().sameServer(terms)) {
      remove(terms.id());
      engine = null;
    }
    PoolDesk desk = desks.get(terms.pool());
    if (desk == null) {
      LOG.debug("engine={} is of no pool of this dispatcher: {}", terms.id(), terms.pool());
    } else if (engine == null) {
      EngineSlots added = opener.open(terms);
      engines.put(terms.id(), added);
      hosting.place(desk, desk.add(added));
      hosting.added(desk, added);
      LOG.info("engine={} added pool={} draining={}", terms.id(), terms.pool(), terms.draining());
    } else if (!engine.terms().equals(terms)) {
      hosting.place(desk, desk.change(engine, terms));
      LOG.info(
          "engine={} changed weight={} max_in_flight={} draining={}",
          terms.id(),
          terms.weight(),
          terms.maxInFlight(),
          terms.draining());
    }
  }

  private void remove(String id) {
    EngineSlots engine = engines.remove(id);
    if (engine == null) {
      return;
    }
    PoolDesk desk = desks.get(engine.terms().pool());
    hosting.place(desk, desk.remove(engine));
    hosting.removed(desk, engine);
    LOG.info("engine={} removed in_flight={}", id, engine.inFlight());
  }

  @Override
  public synchronized void close() {
    engines.values().forEach(engine -> engine.connections().close());
  }
}
