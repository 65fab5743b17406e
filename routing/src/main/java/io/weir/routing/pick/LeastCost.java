package io.weir.routing.pick;

import io.weir.routing.prefix.PrefixIndex;
import io.weir.schemas.Candidate;
import io.weir.schemas.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine where the request costs least, of a few candidates ({@link CandidateDraw}), by {@link
 * LeastCostScore}. Candidates are drawn by weight, so that the weights hold where scores are level;
 * scores see the load and the cached prefixes of this moment, and overrule the weights where an
 * engine is not what its weight says.
 */
final class LeastCost implements Chooser {
  static final String NAME = "least-cost";

  private final LeastCostOptions options;
  private final PrefixIndex prefixes = new PrefixIndex(PrefixIndex.MAX_BLOCKS);
  private final Roster roster = new Roster(prefixes);
  private final Eligibility eligibility = new Eligibility();
  private final CandidateDraw draw;
  private boolean[] sharing = new boolean[0];

  LeastCost(LeastCostOptions options) {
    this.options = options;
    this.draw = new CandidateDraw(options, prefixes, roster);
  }

  @Override
  public <E extends EngineView> PickResult<E> pick(
      List<E> engines, PickRequest request, long seed) {
    if (!eligibility.scan(engines)) {
      return new PickResult.NoEngine<>(eligibility.exclusions());
    }
    roster.follow(engines);
    draw.draw(engines, eligibility.engines(), request, seed);
    List<Candidate> candidates = new ArrayList<>(draw.count());
    int best = -1;
    double bestScore = 0;
    double bestTie = 0;
    double uncached = 0;
    for (int i = 0; i < draw.count(); i++) {
      int place = draw.place(i);
      EngineView engine = engines.get(place);
      ScoreParts parts = parts(engine, place, request);
      double score = parts.score();
      double tie = DecisionReplay.tie(seed, engine.idHash(), engine.weight());
      candidates.add(new Candidate(engine.id(), engine.weight(), engine.inFlight(), score, parts));
      if (best < 0 || DecisionReplay.better(score, tie, bestScore, bestTie)) {
        best = place;
        bestScore = score;
        bestTie = tie;
        uncached = parts.value(ScoreParts.UNCACHED);
      }
    }
    remember(engines, best, request);
    E engine = engines.get(best);
    String version = engine.cost().weightsVersion().orElse(null);
    return new PickResult.Picked<>(
        engine,
        new Decision(NAME, engine.id(), candidates, eligibility.exclusions(), seed, version),
        (int) Math.round(uncached));
  }

  @Override
  public <E extends EngineView> int uncachedTokens(List<E> engines, E engine, PickRequest request) {
    roster.follow(engines);
    int matched = prefixes.matched(roster.slot(engines.indexOf(engine)), request.prompt());
    return (int) Math.round(request.promptTokens() * (1 - request.prompt().fraction(matched)));
  }

  @Override
  public void cacheLost(EngineView engine) {
    roster.cacheLost(engine);
  }

  private ScoreParts parts(EngineView engine, int place, PickRequest request) {
    int matched = prefixes.matched(roster.slot(place), request.prompt());
    return LeastCostScore.parts(
        engine, request, request.prompt().fraction(matched), roster.deficit(place), options);
  }

  private void remember(List<? extends EngineView> engines, int best, PickRequest request) {
    if (sharing.length < engines.size()) {
      sharing = new boolean[engines.size()];
    }
    double total = 0;
    for (int i = 0; i < engines.size(); i++) {
      EngineView engine = engines.get(i);
      sharing[i] = eligibility.engines()[i] && engine.cost().slowdown() <= options.greyRatio();
      total += sharing[i] ? engine.weight() : 0;
    }
    roster.chosen(engines, best, sharing, total);
    prefixes.store(roster.slot(best), request.prompt());
  }
}
