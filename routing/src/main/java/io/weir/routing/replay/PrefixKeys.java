package io.weir.routing.replay;

import io.weir.routing.prefix.KeySalting;

/**
 * Which of a source's dispatchers gets a request, as the ingress's keys and a lane with one
 * partition for each dispatcher settle it: by the prompt's first block, split by its second where
 * that is too much for one. Requests without a prefix are spread evenly.
 */
final class PrefixKeys {
  private final int dispatchers;
  private final KeySalting salting;

  PrefixKeys(int dispatchers, VirtualTime time) {
    this.dispatchers = dispatchers;
    this.salting = new KeySalting(dispatchers, time::now);
  }

  /**
   * The dispatcher.
   *
   * @param number the request's, unique
   */
  int dispatcher(TraceRequest request, int number) {
    long[] blocks = request.blockHashes();
    long own = TraceRequest.blockHash(number);
    if (blocks.length == 0) {
      return partition(own, 0);
    }
    int pieces = salting.pieces(blocks[0]);
    return partition(
        blocks[0],
        pieces == 1 ? 0 : salting.salt(blocks[0], pieces, blocks.length > 1 ? blocks[1] : own));
  }

  private int partition(long key, int piece) {
    return (int) ((Long.remainderUnsigned(key, dispatchers) + piece) % dispatchers);
  }
}
