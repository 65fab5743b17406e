package io.weir.routing.pick;

import io.weir.routing.prefix.PrefixIndex;
import io.weir.routing.prefix.PromptBlocks;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is kept of each engine between choices, by its place in the pool: its slot in the prefix
 * index, and by how many requests it got less than its weight. Follows the pool as engines come and
 * go.
 */
final class Roster {
  /** One old choice counts half after this many: shares are held to the weights over some time. */
  private static final double MEMORY = Math.pow(0.5, 1.0 / 2000);

  /** Deficits are kept within this, so that one returning engine is not favoured for long. */
  private static final double MAX_DEFICIT = 50;

  private static final int BYTES_PER_TOKEN = 4;

  private final PrefixIndex prefixes;
  private long[] ids = new long[0];
  private long[] cacheTokens = new long[0];
  private int[] slots = new int[0];
  private double[] deficits = new double[0];
  private int[] places = new int[0];

  Roster(PrefixIndex prefixes) {
    this.prefixes = prefixes;
  }

  /** Takes in the engines as they are now. */
  void follow(List<? extends EngineView> engines) {
    int count = engines.size();
    if (count != ids.length) {
      rebuild(engines);
    }
    for (int i = 0; i < count; i++) {
      EngineView engine = engines.get(i);
      if (ids[i] != engine.idHash()) {
        rebuild(engines);
      }
      long tokens = engine.cost().cacheTokens();
      if (cacheTokens[i] != tokens) {
        cacheTokens[i] = tokens;
        prefixes.budget(slots[i], budget(tokens));
      }
    }
  }

  /** The slot in the prefix index of the engine at a place. */
  int slot(int place) {
    return slots[place];
  }

  /** The place of the engine with a slot in the prefix index. */
  int place(int slot) {
    return places[slot];
  }

  /** Requests that an engine got less than its weight, lately. */
  double deficit(int place) {
    return deficits[place];
  }

  /**
   * Takes note of a choice. One that fell on an engine outside the weights was due to nobody.
   *
   * @param sharing the engines that it was, by weight, due to
   * @param totalWeight of those
   */
  void chosen(
      List<? extends EngineView> engines, int place, boolean[] sharing, double totalWeight) {
    if (!sharing[place]) {
      return;
    }
    for (int i = 0; i < ids.length; i++) {
      double due = sharing[i] ? engines.get(i).weight() / totalWeight : 0;
      double got = i == place ? 1 : 0;
      deficits[i] = Math.clamp(MEMORY * deficits[i] + due - got, -MAX_DEFICIT, MAX_DEFICIT);
    }
  }

  /** Forgets what an engine's cache was thought to hold. */
  void cacheLost(EngineView engine) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == engine.idHash()) {
        prefixes.clear(slots[i]);
      }
    }
  }

  private static long budget(long tokens) {
    return tokens * BYTES_PER_TOKEN / PromptBlocks.BLOCK_BYTES;
  }

  private void rebuild(List<? extends EngineView> engines) {
    Map<Long, Integer> before = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      before.put(ids[i], i);
    }
    int[] oldSlots = slots;
    double[] oldDeficits = deficits;
    int count = engines.size();
    ids = new long[count];
    cacheTokens = new long[count];
    slots = new int[count];
    deficits = new double[count];
    Arrays.fill(slots, -1);
    for (int i = 0; i < count; i++) {
      ids[i] = engines.get(i).idHash();
      Integer was = before.remove(ids[i]);
      if (was != null) {
        slots[i] = oldSlots[was];
        deficits[i] = oldDeficits[was];
      }
    }
    before.values().forEach(gone -> prefixes.remove(oldSlots[gone]));
    for (int i = 0; i < count; i++) {
      if (slots[i] < 0) {
        slots[i] = prefixes.add(budget(engines.get(i).cost().cacheTokens()));
      }
    }
    places = new int[Arrays.stream(slots).max().orElse(-1) + 1];
    for (int i = 0; i < count; i++) {
      places[slots[i]] = i;
    }
  }
}
