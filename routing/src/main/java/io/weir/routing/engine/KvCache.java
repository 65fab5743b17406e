package io.weir.routing.engine;

/**
 * Blocks of KV cache. A running sequence holds private blocks, counted only, and shared ones, found
 * by hash. Blocks nobody holds stay cached until room is needed, least recently used first; with a
 * host tier they move there before they are lost.
 *
 * <p>Two sequences that compute the same block at once end up sharing one copy, where vLLM keeps
 * both until one ends.
 */
final class KvCache {
  private final int capacity;
  private final BlockIndex device;
  private final BlockIndex host;
  private int privateBlocks;

  KvCache(int deviceBlocks, int hostBlocks) {
    capacity = deviceBlocks;
    device = new BlockIndex(deviceBlocks);
    host = new BlockIndex(hostBlocks);
  }

  /** Blocks held by sequences. */
  int held() {
    return privateBlocks + device.size() - device.idle();
  }

  double usage() {
    return (double) held() / capacity;
  }

  /** How many of the first {@code limit} blocks are on the device or the host, without a gap. */
  int cachedPrefix(long[] hashes, int limit) {
    int i = 0;
    while (i < limit && (onDevice(hashes[i]) || host.find(hashes[i]) != BlockIndex.NONE)) {
      i++;
    }
    return i;
  }

  boolean onDevice(long hash) {
    return device.find(hash) != BlockIndex.NONE;
  }

  /** Holds a block that is on the device; its slot. */
  int hold(long hash) {
    int slot = device.find(hash);
    device.retain(slot);
    return slot;
  }

  void release(int slot) {
    device.release(slot);
  }

  /** Takes private blocks, evicting cached ones; takes none and says false if there is no room. */
  boolean take(int blocks) {
    if (blocks > capacity - held()) {
      return false;
    }
    for (int room = capacity - privateBlocks - device.size(); room < blocks; room++) {
      keepOnHost(device.evict());
    }
    privateBlocks += blocks;
    return true;
  }

  void giveBack(int blocks) {
    privateBlocks -= blocks;
  }

  /** Turns one private block into a shared one, or joins the copy that is there; its slot. */
  int publish(long hash) {
    privateBlocks--;
    int slot = device.find(hash);
    if (slot == BlockIndex.NONE) {
      return device.add(hash);
    }
    device.retain(slot);
    return slot;
  }

  private void keepOnHost(long hash) {
    int slot = host.find(hash);
    if (slot != BlockIndex.NONE) {
      host.retain(slot);
      host.release(slot);
    } else if (host.capacity() > 0) {
      if (host.size() == host.capacity()) {
        host.evict();
      }
      host.release(host.add(hash));
    }
  }
}
