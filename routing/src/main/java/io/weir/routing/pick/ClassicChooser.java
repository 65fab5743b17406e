package io.weir.routing.pick;

import io.weir.routing.hash.Hashing;
import io.weir.schemas.Candidate;
import io.weir.schemas.Decision;
import io.weir.schemas.Exclusion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The classic policies: all engines are scored, the lowest score wins. */
final class ClassicChooser implements Chooser {
  /** More candidates than this are not written down; the best are, so that a replay is exact. */
  private static final int RECORDED = 16;

  private final String policy;
  private final Scoring scoring;
  private final Eligibility eligibility = new Eligibility();
  private double[] scores = new double[0];

  ClassicChooser(String policy, Scoring scoring) {
    this.policy = policy;
    this.scoring = scoring;
  }

  @Override
  public <E extends EngineView> PickResult<E> pick(
      List<E> engines, PickRequest request, long seed) {
    if (!eligibility.scan(engines)) {
      return new PickResult.NoEngine<>(eligibility.exclusions());
    }
    if (scores.length < engines.size()) {
      scores = new double[engines.size()];
    }
    boolean[] eligible = eligibility.engines();
    scoring.score(engines, eligible, Hashing.of(request.affinity()), seed, scores);
    int best = best(engines, seed);
    List<Candidate> candidates = candidates(engines, best);
    List<Exclusion> excluded = eligibility.exclusions();
    scoring.chosen(engines, best);
    E engine = engines.get(best);
    String version = engine.cost().weightsVersion().orElse(null);
    return new PickResult.Picked<>(
        engine,
        new Decision(policy, engine.id(), candidates, excluded, seed, version),
        request.promptTokens());
  }

  private int best(List<? extends EngineView> engines, long seed) {
    int best = -1;
    double bestTie = 0;
    for (int i = 0; i < engines.size(); i++) {
      if (!eligibility.engines()[i]) {
        continue;
      }
      EngineView engine = engines.get(i);
      if (Double.isNaN(scores[i])) {
        eligibility.ruleOut(i, ExclusionReason.OVER_BOUND, engine.id());
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
      boolean recorded =
          eligibility.engines()[i] && scores[i] != Scoring.NOT_DRAWN && scores[i] <= worst;
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
        if (eligibility.engines()[i] && scores[i] != Scoring.NOT_DRAWN) {
          drawn[size++] = scores[i];
        }
      }
      drawn = Arrays.copyOf(drawn, size);
      Arrays.sort(drawn);
    }
    return drawn.length > RECORDED ? drawn[RECORDED - 1] : Double.POSITIVE_INFINITY;
  }
}
