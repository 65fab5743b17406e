package io.weir.routing.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prequal (Wydrowski et al., NSDI 2024): each request sends three probes to engines drawn at random
 * and chooses among the answers kept in a pool of 16. An answer holds the engine's requests in
 * flight and its latency at that load. Engines above the pool's {@link #HOT} quantile of requests
 * in flight are hot; the cold one of least latency wins, or among hot ones the least loaded.
 */
final class PrequalChooser implements Chooser {
  private static final double HOT = 0.84;
  private static final int POOL = 16;
  private static final int PROBES = 3;
  private static final long OLDEST_NANOS = 1_000_000_000L;

  private static final class Probe {
    final int engine;
    final long at;
    final double latency;
    int inFlight;
    int uses;

    Probe(int engine, long at, int inFlight, double latency) {
      this.engine = engine;
      this.at = at;
      this.inFlight = inFlight;
      this.latency = latency;
    }
  }

  private final List<SimulatedEngine> probed;
  private final List<Probe> pool = new ArrayList<>();
  private boolean removeWorst;

  PrequalChooser(List<SimulatedEngine> probed) {
    this.probed = probed;
  }

  @Override
  public int choose(LiveRequest request, List<EngineSeen> engines, long now, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    pool.removeIf(probe -> now - probe.at > OLDEST_NANOS || probe.uses >= reuses());
    for (int i = 0; i < PROBES; i++) {
      probe(probed.get(random.nextInt(probed.size())), now);
    }
    Probe best = best(engines);
    if (best == null) {
      return anyBelowItsLimit(engines, random);
    }
    best.uses++;
    best.inFlight++;
    removeOne();
    return best.engine;
  }

  private void probe(SimulatedEngine engine, long now) {
    if (pool.size() == POOL) {
      pool.removeFirst();
    }
    int inFlight = engine.inFlight();
    pool.add(new Probe(engine.index, now, inFlight, engine.expectedFirstToken()));
  }

  /** Uses of one answer, so that the pool neither runs dry nor goes stale (section 4.3). */
  private int reuses() {
    double kept = 1 - (double) POOL / Math.max(POOL + 1, probed.size());
    return (int) Math.max(1, Math.ceil(2 / Math.max(0.5, kept * PROBES - 1)));
  }

  private Probe best(List<EngineSeen> engines) {
    int hot = hotThreshold();
    Probe best = null;
    for (Probe probe : pool) {
      EngineSeen engine = engines.get(probe.engine);
      if (!engine.full() && (best == null || better(probe, best, hot))) {
        best = probe;
      }
    }
    return best;
  }

  private static boolean better(Probe probe, Probe best, int hot) {
    boolean cold = probe.inFlight <= hot;
    boolean bestCold = best.inFlight <= hot;
    if (cold != bestCold) {
      return cold;
    }
    return cold ? probe.latency < best.latency : probe.inFlight < best.inFlight;
  }

  private int hotThreshold() {
    int[] loads = pool.stream().mapToInt(probe -> probe.inFlight).toArray();
    Arrays.sort(loads);
    return loads[(int) (HOT * (loads.length - 1))];
  }

  /** One answer leaves with each request: the oldest and the worst by turns. */
  private void removeOne() {
    if (pool.size() <= PROBES) {
      return;
    }
    removeWorst = !removeWorst;
    if (!removeWorst) {
      pool.removeFirst();
      return;
    }
    int hot = hotThreshold();
    Probe worst = pool.getFirst();
    for (Probe probe : pool) {
      if (better(worst, probe, hot)) {
        worst = probe;
      }
    }
    pool.remove(worst);
  }

  private static int anyBelowItsLimit(List<EngineSeen> engines, SplittableRandom random) {
    int start = random.nextInt(engines.size());
    for (int i = 0; i < engines.size(); i++) {
      EngineSeen engine = engines.get((start + i) % engines.size());
      if (!engine.full()) {
        return engine.index;
      }
    }
    return NONE;
  }
}
