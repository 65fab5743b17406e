package io.weir.routing.replay;

import java.util.List;

/**
 * The default scorers of the Gateway API inference extension and llm-d on telemetry: 3 × the part
 * of the prompt that was sent there before + 2 × the queue, from 0 for the longest to 1 for the
 * shortest + 2 × the free part of the KV cache. The highest wins, equal ones by chance.
 */
final class PrefixQueueKvChooser implements Chooser {
  private static final double PREFIX = 3;
  private static final double QUEUE = 2;
  private static final double KV = 2;

  private final KnownPrefixes prefixes;

  PrefixQueueKvChooser(List<ReplayEngine> engines) {
    prefixes = new KnownPrefixes(engines);
  }

  @Override
  public int choose(LiveRequest request, List<EngineSeen> engines, long now, long seed) {
    int shortest = engines.stream().mapToInt(e -> e.waiting()).min().orElseThrow();
    int longest = engines.stream().mapToInt(e -> e.waiting()).max().orElseThrow();
    int best = NONE;
    double bestScore = 0;
    int start = (int) Long.remainderUnsigned(seed, engines.size());
    for (int i = 0; i < engines.size(); i++) {
      EngineSeen engine = engines.get((start + i) % engines.size());
      if (engine.full()) {
        continue;
      }
      double score = score(request.trace.blockHashes(), engine, shortest, longest);
      if (best == NONE || score > bestScore) {
        best = engine.index;
        bestScore = score;
      }
    }
    return best;
  }

  private double score(long[] blocks, EngineSeen engine, int shortest, int longest) {
    double prefix =
        blocks.length == 0 ? 0 : (double) prefixes.known(engine.index, blocks) / blocks.length;
    double queue =
        longest == shortest ? 1 : (double) (longest - engine.waiting()) / (longest - shortest);
    return PREFIX * prefix + QUEUE * queue + KV * (1 - engine.kvUsage());
  }

  @Override
  public void dispatched(LiveRequest request, long now) {
    prefixes.sent(request.engine, request.trace.blockHashes());
  }
}
