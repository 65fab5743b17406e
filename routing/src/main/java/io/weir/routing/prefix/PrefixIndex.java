package io.weir.routing.prefix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Which engines probably hold which prompt prefixes: those this dispatcher sent them, in the order
 * of their last use, as many as the engine's own cache has room for, so that both forget at about
 * the same time. An engine is known by a slot number.
 *
 * <p>A prompt is stored from its last block to its first, so a block is never older than those
 * behind it: the least recently used block of an engine is always the end of a prefix, what an
 * engine holds is closed under taking prefixes, and a binary search finds how much of a prompt it
 * holds. Looking up a prompt of m blocks takes O(log m), storing it O(m); neither allocates, save
 * that the tables double until they have reached their bound.
 *
 * <p>Memory: about 90 bytes for each of at most {@code maxBlocks} blocks. Not safe for use by
 * several threads.
 */
public final class PrefixIndex {
  /** Entries at most by default: about 24 MB. */
  public static final int MAX_BLOCKS = 262_144;

  private final int maxBlocks;
  private final LongIntTable held = new LongIntTable(1024);
  private final LongIntTable latest = new LongIntTable(1024);
  private final BlockEntries entries;
  private final List<RecencyList> engines = new ArrayList<>();
  private final Queue<Integer> freeSlots = new ArrayDeque<>();
  private int registered;

  /**
   * An empty index.
   *
   * @param maxBlocks entries at most, over all engines; each engine may have an equal part
   */
  public PrefixIndex(int maxBlocks) {
    if (maxBlocks < 1) {
      throw new IllegalArgumentException("maxBlocks must be at least 1, is " + maxBlocks);
    }
    this.maxBlocks = maxBlocks;
    this.entries = new BlockEntries(Math.min(1024, maxBlocks));
  }

  /**
   * Adds an engine.
   *
   * @param budget blocks its cache has room for; not negative
   * @return its slot; slots are small numbers, and those of removed engines are used again
   */
  public int add(long budget) {
    Integer free = freeSlots.poll();
    int slot = free == null ? engines.size() : free;
    RecencyList engine = new RecencyList(entries);
    if (free == null) {
      engines.add(engine);
    } else {
      engines.set(slot, engine);
    }
    registered++;
    budget(slot, budget);
    for (int other = 0; other < engines.size(); other++) {
      trim(other);
    }
    return slot;
  }

  /** Sets how many blocks an engine's cache has room for. */
  public void budget(int slot, long blocks) {
    engines.get(slot).budget = Math.clamp(blocks, 0, maxBlocks);
    trim(slot);
  }

  /** Forgets what an engine held, as after its restart. */
  public void clear(int slot) {
    while (engines.get(slot).size() > 0) {
      evict(slot);
    }
  }

  /** Forgets an engine. */
  public void remove(int slot) {
    clear(slot);
    engines.get(slot).budget = 0;
    freeSlots.add(slot);
    registered--;
  }

  /** Blocks known to be held, over all engines. */
  public int size() {
    return held.size();
  }

  /** How many leading blocks of a prompt some engine holds. */
  public int deepest(PromptBlocks blocks) {
    int low = 0;
    int high = blocks.count();
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (latest.get(blocks.hash(middle - 1)) != LongIntTable.NONE) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** How many leading blocks of a prompt one engine holds. */
  public int matched(int slot, PromptBlocks blocks) {
    int low = 0;
    int high = blocks.count();
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (held.get(key(blocks.hash(middle - 1), slot)) != LongIntTable.NONE) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * The engines that hold a prefix, those that were sent it last first.
   *
   * @param hash of the prefix
   * @param slots filled from its start
   * @return how many were written
   */
  public int holders(long hash, int[] slots) {
    int count = 0;
    for (int entry = latest.get(hash);
        entry != LongIntTable.NONE && count < slots.length;
        entry = entries.nextHolder(entry)) {
      slots[count++] = entries.slot(entry);
    }
    return count;
  }

  /** Takes note that an engine was sent a prompt, and so holds it from now on. */
  public void store(int slot, PromptBlocks blocks) {
    RecencyList engine = engines.get(slot);
    for (int i = Math.min(blocks.count(), room(engine)) - 1; i >= 0; i--) {
      long hash = blocks.hash(i);
      int entry = held.get(key(hash, slot));
      if (entry == LongIntTable.NONE) {
        if (engine.size() >= room(engine)) {
          evict(slot);
        }
        entry = entries.take(hash, slot);
        held.put(key(hash, slot), entry);
        engine.addNewest(entry);
      } else {
        engine.unlink(entry);
        engine.addNewest(entry);
        unlinkHolder(entry);
      }
      linkHolder(entry);
    }
  }

  private int room(RecencyList engine) {
    return Math.min(engine.budget, maxBlocks / Math.max(1, registered));
  }

  private void trim(int slot) {
    RecencyList engine = engines.get(slot);
    while (engine.size() > room(engine)) {
      evict(slot);
    }
  }

  private void evict(int slot) {
    RecencyList engine = engines.get(slot);
    int entry = engine.oldest();
    engine.unlink(entry);
    unlinkHolder(entry);
    held.remove(key(entries.hash(entry), slot));
    entries.giveBack(entry);
  }

  private void linkHolder(int entry) {
    long hash = entries.hash(entry);
    entries.linkHolder(entry, latest.get(hash));
    latest.put(hash, entry);
  }

  private void unlinkHolder(int entry) {
    int next = entries.nextHolder(entry);
    if (entries.unlinkHolder(entry)) {
      if (next == LongIntTable.NONE) {
        latest.remove(entries.hash(entry));
      } else {
        latest.put(entries.hash(entry), next);
      }
    }
  }

  private static long key(long hash, int slot) {
    return PromptBlocks.mix(hash + (slot + 1) * 0x9e3779b97f4a7c15L);
  }
}
