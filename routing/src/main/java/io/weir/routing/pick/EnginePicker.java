package io.weir.routing.pick;

import io.weir.routing.fleet.PickPolicy;
import io.weir.schemas.Candidate;
import io.weir.schemas.Decision;
import io.weir.schemas.Exclusion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Chooses an engine of one pool. Keeps what its policy needs between choices and is not safe for
 * use by several threads: it belongs to whatever guards the pool's in-flight counts.
 */
public final class EnginePicker {
  /** More candidates than this are not written down; the best are, so that a replay is exact. */
  private static final int RECORDED = 16;

  private final String policy;
  private final Scoring scoring;
  private final Exclusions exclusions = new Exclusions();
  private boolean[] eligible = new boolean[0];
  private double[] scores = new double[0];

  public EnginePicker(PickPolicy policy) {
    this.policy = policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.scoring =
        switch (policy) {
          case ROUND_ROBIN -> new RoundRobin();
          case RANDOM -> WeightedDraw.uniform();
          case WEIGHTED -> new SmoothWeighted();
          case LEAST_LOADED -> new LeastLoaded();
          case LEAST_COST, POWER_OF_TWO -> WeightedDraw.lighterOfTwo();
          case HASH_AFFINITY -> new HashAffinity();
        };
  }

  /**
   * Chooses.
   *
   * @param engines all engines of the pool, always in the same order
   * @param affinity the request's affinity key
   * @param seed of every random draw; the same seed, engines and history make the same choice
   */
  public <E extends EngineView> PickResult<E> pick(List<E> engines, String affinity, long seed) {
    if (!findEligible(engines)) {
      return new PickResult.NoEngine<>(exclusions.toList());
    }
    scoring.score(engines, eligible, Hashing.of(affinity), seed, scores);
    int best = best(engines, seed);
    List<Candidate> candidates = candidates(engines, best);
    List<Exclusion> excluded = exclusions.toList();
    scoring.chosen(engines, best);
    E engine = engines.get(best);
    return new PickResult.Picked<>(
        engine, new Decision(policy, engine.id(), candidates, excluded, seed, null));
  }

  private boolean findEligible(List<? extends EngineView> engines) {
    int count = engines.size();
    if (eligible.length < count) {
      eligible = new boolean[count];
      scores = new double[count];
    }
    exclusions.clear();
    boolean any = false;
    for (int i = 0; i < count; i++) {
      EngineView engine = engines.get(i);
      eligible[i] = false;
      if (engine.exclusion().isPresent()) {
        exclusions.add(engine.exclusion().get(), engine.id());
      } else if (engine.inFlight() >= engine.limit()) {
        exclusions.add(ExclusionReason.AT_LIMIT, engine.id());
      } else {
        eligible[i] = true;
        any = true;
      }
    }
    return any;
  }

  private int best(List<? extends EngineView> engines, long seed) {
    int best = -1;
    double bestTie = 0;
    for (int i = 0; i < engines.size(); i++) {
      if (!eligible[i]) {
        continue;
      }
      EngineView engine = engines.get(i);
      if (Double.isNaN(scores[i])) {
        eligible[i] = false;
        exclusions.add(ExclusionReason.OVER_BOUND, engine.id());
        continue;
      }
      double tie = DecisionReplay.tie(seed, engine.idHash(), engine.weight());
      if (best < 0 || DecisionReplay.better(scores[i], tie, scores[best], bestTie)) {
        best = i;
        bestTie = tie;
      }
    }
    return best;
  }

  private List<Candidate> candidates(List<? extends EngineView> engines, int best) {
    List<Candidate> candidates = new ArrayList<>(4);
    double worst = cutOff(engines.size());
    for (int i = 0; i < engines.size(); i++) {
      boolean recorded = eligible[i] && scores[i] != Scoring.NOT_DRAWN && scores[i] <= worst;
      // The last place is the chosen engine's.
      if (recorded && (i == best || candidates.size() < (i < best ? RECORDED - 1 : RECORDED))) {
        EngineView engine = engines.get(i);
        candidates.add(
            new Candidate(
                engine.id(),
                engine.weight(),
                engine.inFlight(),
                scores[i],
                scoring.parts(engines, i)));
      }
    }
    return candidates;
  }

  /** The score of the last candidate that is recorded. */
  private double cutOff(int count) {
    double[] drawn = new double[0];
    if (count > RECORDED) {
      drawn = new double[count];
      int size = 0;
      for (int i = 0; i < count; i++) {
        if (eligible[i] && scores[i] != Scoring.NOT_DRAWN) {
          drawn[size++] = scores[i];
        }
      }
      drawn = Arrays.copyOf(drawn, size);
      Arrays.sort(drawn);
    }
    return drawn.length > RECORDED ? drawn[RECORDED - 1] : Double.POSITIVE_INFINITY;
  }
}
