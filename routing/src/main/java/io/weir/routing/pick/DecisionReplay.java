package io.weir.routing.pick;

import io.weir.routing.hash.Hashing;
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
    double least = 0;
    for (Candidate candidate : decision.getCandidates()) {
      double draw =
          tie(decision.getSeed(), Hashing.of(candidate.getEngine()), candidate.getWeight());
      double score = score(decision, candidate);
      if (best == null || better(score, draw, least, tie)) {
        best = candidate;
        tie = draw;
        least = score;
      }
    }
    return Optional.ofNullable(best).map(Candidate::getEngine);
  }

  /** The score as its parts give it; as it was recorded where they do not tell. */
  private static double score(Decision decision, Candidate candidate) {
    return decision.getPolicy().equals(LeastCost.NAME)
        ? ScoreParts.of(candidate.getParts()).score()
        : candidate.getScore();
  }

  /** Equal scores are settled by a draw in proportion to the weights. */
  static double tie(long seed, long idHash, double weight) {
    return Hashing.exponential(~seed, idHash, weight);
  }

  static boolean better(double score, double tie, double otherScore, double otherTie) {
    return score < otherScore || (score == otherScore && tie < otherTie);
  }
}
