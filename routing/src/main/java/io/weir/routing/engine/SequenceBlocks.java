package io.weir.routing.engine;

/** The KV blocks that sequences hold, block by block of their tokens. */
final class SequenceBlocks {
  private final EngineProfile profile;
  private final KvCache cache;

  SequenceBlocks(EngineProfile profile) {
    this.profile = profile;
    this.cache = new KvCache(profile.kvBlocks(), profile.hostBlocks());
  }

  /** Fraction of the device's blocks that sequences hold. */
  double usage() {
    return cache.usage();
  }

  /**
   * Holds the longest cached prefix. At least one token is left to compute, for it makes the next
   * one.
   *
   * @return how many of its tokens have to come from the host
   */
  int reusePrefix(Ticket<?> ticket) {
    long[] hashes = ticket.work.blockHashes();
    int limit = Math.min(hashes.length, (ticket.tokens() - 1) / profile.blockSize());
    int cached = cache.cachedPrefix(hashes, limit);
    int fromHost = 0;
    for (int i = 0; i < cached; i++) {
      if (cache.onDevice(hashes[i])) {
        ticket.slots[i] = cache.hold(hashes[i]);
      } else if (cache.take(1)) {
        ticket.slots[i] = cache.publish(hashes[i]);
        fromHost += profile.blockSize();
      } else {
        break;
      }
      ticket.shared++;
    }
    ticket.computed = ticket.shared * profile.blockSize();
    return fromHost;
  }

  /** Takes what more tokens need; takes nothing and says false if there is no room. */
  boolean grow(Ticket<?> ticket, int tokens) {
    int missing = profile.blocksFor(ticket.computed + tokens) - ticket.blocks();
    if (missing > 0) {
      if (!cache.take(missing)) {
        return false;
      }
      ticket.privateBlocks += missing;
    }
    return true;
  }

  /** Shares the full blocks computed since. */
  void publish(Ticket<?> ticket) {
    long[] hashes = ticket.work.blockHashes();
    int full = Math.min(hashes.length, ticket.computed / profile.blockSize());
    while (ticket.shared < full) {
      ticket.slots[ticket.shared] = cache.publish(hashes[ticket.shared]);
      ticket.shared++;
      ticket.privateBlocks--;
    }
  }

  /**
   * Gives everything back. Later blocks are released first, so that they are evicted before those
   * they depend on.
   */
  void free(Ticket<?> ticket) {
    cache.giveBack(ticket.privateBlocks);
    while (ticket.shared > 0) {
      cache.release(ticket.slots[--ticket.shared]);
    }
    ticket.privateBlocks = 0;
    ticket.computed = 0;
    ticket.scheduled = 0;
  }
}
