package io.weir.routing.pick;

import io.weir.routing.hash.Hashing;
import io.weir.routing.prefix.PrefixIndex;
import io.weir.routing.prefix.PromptBlocks;
import java.util.Arrays;
import java.util.List;

/**
 * The engines that are scored for one request: those that hold the longest known prefix, for a
 * prompt that nobody holds the first by rendezvous hashing of its first block, and a few drawn by
 * weight. Without the others a share follows its weight on average, so drawing by weight carries
 * what scores do not say about an engine.
 */
final class CandidateDraw {
  /** Holders looked at before giving up on finding an eligible one. */
  private static final int LOOKED_AT = 64;

  private final LeastCostOptions options;
  private final PrefixIndex prefixes;
  private final Roster roster;
  private final int[] holders = new int[16];
  private final double[] targets;
  private final int[] candidates;
  private int count;

  CandidateDraw(LeastCostOptions options, PrefixIndex prefixes, Roster roster) {
    this.options = options;
    this.prefixes = prefixes;
    this.roster = roster;
    this.targets = new double[options.samples()];
    this.candidates = new int[options.prefixHolders() + options.rendezvous() + options.samples()];
  }

  int count() {
    return count;
  }

  /** Place of a candidate in the pool. */
  int place(int candidate) {
    return candidates[candidate];
  }

  void draw(
      List<? extends EngineView> engines, boolean[] eligible, PickRequest request, long seed) {
    count = 0;
    addHolders(eligible, request.prompt());
    if (count == 0 && options.rendezvous() > 0) {
      addRendezvous(engines, eligible, key(request));
    }
    addSamples(engines, eligible, seed);
  }

  private static long key(PickRequest request) {
    return request.prompt().count() > 0 ? request.prompt().hash(0) : Hashing.of(request.affinity());
  }

  private void addHolders(boolean[] eligible, PromptBlocks prompt) {
    int lookedAt = 0;
    for (int depth = prefixes.deepest(prompt); depth > 0 && lookedAt < LOOKED_AT; depth--) {
      int found = prefixes.holders(prompt.hash(depth - 1), holders);
      lookedAt += found;
      for (int i = 0; i < found && count < options.prefixHolders(); i++) {
        int place = roster.place(holders[i]);
        if (eligible[place]) {
          addOnce(place);
        }
      }
      if (count == options.prefixHolders()) {
        return;
      }
    }
  }

  private void addRendezvous(List<? extends EngineView> engines, boolean[] eligible, long key) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < engines.size(); i++) {
      if (eligible[i]) {
        EngineView engine = engines.get(i);
        double draw = Hashing.exponentialBelow(key, engine.idHash(), engine.weight(), least);
        if (draw < least) {
          best = i;
          least = draw;
        }
      }
    }
    if (best >= 0) {
      addOnce(best);
    }
  }

  /**
   * Draws with replacement: in a pool of few engines, draws without it would hand nearly every
   * request the same candidates, and weights would say nothing.
   */
  private void addSamples(List<? extends EngineView> engines, boolean[] eligible, long seed) {
    double total = 0;
    for (int i = 0; i < engines.size(); i++) {
      total += eligible[i] ? engines.get(i).weight() : 0;
    }
    for (int sample = 0; sample < targets.length; sample++) {
      targets[sample] = total * Hashing.uniform(seed, sample);
    }
    Arrays.sort(targets);
    double below = 0;
    int sample = 0;
    for (int i = 0; i < engines.size() && sample < targets.length; i++) {
      if (!eligible[i]) {
        continue;
      }
      below += engines.get(i).weight();
      if (targets[sample] < below) {
        addOnce(i);
      }
      while (sample < targets.length && targets[sample] < below) {
        sample++;
      }
    }
  }

  private void addOnce(int place) {
    for (int i = 0; i < count; i++) {
      if (candidates[i] == place) {
        return;
      }
    }
    candidates[count++] = place;
  }
}
