package io.weir.routing.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Blocks that a dispatcher sent to each engine, least recently used forgotten first. */
final class KnownPrefixes {
  private static final class Blocks extends LinkedHashMap<Long, Boolean> {
    private static final long serialVersionUID = 1L;
    private final int capacity;

    Blocks(int capacity) {
      super(16, 0.75f, true);
      this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
      return size() > capacity;
    }
  }

  private final List<Blocks> byEngine = new ArrayList<>();

  /** Remembers as many blocks of an engine as it can cache. */
  KnownPrefixes(List<ReplayEngine> engines) {
    for (ReplayEngine engine : engines) {
      byEngine.add(new Blocks(engine.profile().kvBlocks() + engine.profile().hostBlocks()));
    }
  }

  /** How many of a prompt's first blocks the engine was sent. */
  int known(int engine, long[] blocks) {
    Blocks known = byEngine.get(engine);
    int i = 0;
    while (i < blocks.length && known.containsKey(blocks[i])) {
      i++;
    }
    return i;
  }

  void sent(int engine, long[] blocks) {
    for (long block : blocks) {
      byEngine.get(engine).put(block, true);
    }
  }
}
