package io.weir.routing.pick;

import io.weir.routing.prefix.PrefixIndex;
import io.weir.routing.prefix.PromptBlocks;
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
  private final int[] drawn;
  private final double[] draws;
  private final int[] candidates;
  private int count;

  CandidateDraw(LeastCostOptions options, PrefixIndex prefixes, Roster roster) {
    this.options = options;
    this.prefixes = prefixes;
    this.roster = roster;
    this.drawn = new int[options.samples()];
    this.draws = new double[options.samples()];
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
      add(engines, eligible, key(request), 1);
    }
    add(engines, eligible, seed, options.samples());
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

  /** The least of exponential variates of the weights' rates are a weighted sample. */
  private void add(List<? extends EngineView> engines, boolean[] eligible, long seed, int samples) {
    int size = 0;
    for (int i = 0; i < engines.size(); i++) {
      if (!eligible[i]) {
        continue;
      }
      EngineView engine = engines.get(i);
      double bound = size < samples ? Double.POSITIVE_INFINITY : draws[size - 1];
      double draw = Hashing.exponentialBelow(seed, engine.idHash(), engine.weight(), bound);
      if (draw < bound) {
        size = insert(i, draw, size, samples);
      }
    }
    for (int i = 0; i < size; i++) {
      addOnce(drawn[i]);
    }
  }

  private int insert(int place, double draw, int size, int samples) {
    int grown = Math.min(size + 1, samples);
    int at = grown - 1;
    for (; at > 0 && draws[at - 1] > draw; at--) {
      draws[at] = draws[at - 1];
      drawn[at] = drawn[at - 1];
    }
    draws[at] = draw;
    drawn[at] = place;
    return grown;
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
