package io.weir.routing.pick;

import io.weir.schemas.Candidate;
import io.weir.schemas.Decision;
import java.util.Optional;

/** Makes a recorded choice again from nothing but its record. */
public final class DecisionReplay {
  private DecisionReplay() {}

  /** The engine that the decision's candidates and seed lead to; empty if it has no candidates. */
  public static Optional<String> engine(Decision decision) {
    Candidate best = null;
    double tie = 0;
    for (Candidate candidate : decision.getCandidates()) {
      double draw =
          tie(decision.getSeed(), Hashing.of(candidate.getEngine()), candidate.getWeight());
      if (best == null || better(candidate.getScore(), draw, best.getScore(), tie)) {
        best = candidate;
        tie = draw;
      }
    }
    return Optional.ofNullable(best).map(Candidate::getEngine);
  }

  /** Equal scores are settled by a draw in proportion to the weights. */
  static double tie(long seed, long idHash, double weight) {
    return Hashing.exponential(~seed, idHash, weight);
  }

  static boolean better(double score, double tie, double otherScore, double otherTie) {
    return score < otherScore || (score == otherScore && tie < otherTie);
  }
}
