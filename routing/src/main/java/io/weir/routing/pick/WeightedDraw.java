package io.weir.routing.pick;

import io.weir.routing.hash.Hashing;
import java.util.List;

/** Draws one or two engines without replacement and leaves the others out. */
final class WeightedDraw implements Scoring {
  /** What is drawn by, and what the drawn are compared by. */
  private enum Kind {
    UNIFORM_ONE,
    LIGHTER_OF_TWO
  }

  private final Kind kind;

  private WeightedDraw(Kind kind) {
    this.kind = kind;
  }

  /** One engine, each as likely as the others. */
  static WeightedDraw uniform() {
    return new WeightedDraw(Kind.UNIFORM_ONE);
  }

  /** The less loaded of two engines drawn by weight (Mitzenmacher 2001). */
  static WeightedDraw lighterOfTwo() {
    return new WeightedDraw(Kind.LIGHTER_OF_TWO);
  }

  @Override
  public void score(
      List<? extends EngineView> engines,
      boolean[] eligible,
      long affinity,
      long seed,
      double[] scores) {
    int first = -1;
    int second = -1;
    double least = NOT_DRAWN;
    double next = NOT_DRAWN;
    for (int i = 0; i < engines.size(); i++) {
      if (!eligible[i]) {
        continue;
      }
      scores[i] = NOT_DRAWN;
      EngineView engine = engines.get(i);
      double rate = kind == Kind.UNIFORM_ONE ? 1 : engine.weight();
      double draw = Hashing.exponential(seed, engine.idHash(), rate);
      if (draw < least) {
        second = first;
        next = least;
        first = i;
        least = draw;
      } else if (draw < next) {
        second = i;
        next = draw;
      }
    }
    if (kind == Kind.UNIFORM_ONE) {
      scores[first] = 0;
      return;
    }
    scores[first] = LeastLoaded.load(engines.get(first));
    if (second >= 0) {
      scores[second] = LeastLoaded.load(engines.get(second));
    }
  }
}
