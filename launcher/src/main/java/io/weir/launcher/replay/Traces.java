package io.weir.launcher.replay;

import io.weir.launcher.bench.Shot;
import io.weir.launcher.bench.TraceFile;
import io.weir.routing.replay.Trace;
import io.weir.routing.replay.TraceRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trace files as the simulator wants them. */
final class Traces {
  /** Tokens in each block that Mooncake's {@code hash_ids} name. */
  static final int MOONCAKE_BLOCK = 512;

  private Traces() {}

  /**
   * Reads an Azure CSV or a Mooncake JSONL file.
   *
   * @throws IllegalArgumentException naming file and line of what cannot be read
   * @throws IOException if the file cannot be read
   */
  static Trace read(Path file) throws IOException {
    List<Shot> shots = TraceFile.read(file);
    boolean prefixes = shots.stream().anyMatch(shot -> !shot.prefixBlocks().isEmpty());
    return new Trace(shots.stream().map(Traces::request).toList(), prefixes ? MOONCAKE_BLOCK : 0);
  }

  /** A block that the prompt does not fill is no prefix anyone can share. */
  private static TraceRequest request(Shot shot) {
    int full = Math.min(shot.prefixBlocks().size(), shot.promptTokens() / MOONCAKE_BLOCK);
    long[] hashes = new long[full];
    for (int i = 0; i < full; i++) {
      hashes[i] = TraceRequest.blockHash(shot.prefixBlocks().get(i));
    }
    return new TraceRequest(shot.offsetNanos(), shot.promptTokens(), shot.outputTokens(), hashes);
  }
}
