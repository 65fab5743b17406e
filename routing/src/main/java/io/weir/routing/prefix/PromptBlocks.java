package io.weir.routing.prefix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A prompt as a chain of block hashes: hash i covers everything from the start to the end of block
 * i, so two prompts share hash i exactly if they share that prefix (up to collisions of 64 bits).
 *
 * <p>Blocks are of the raw bytes of the prompt's JSON value, not of tokens. Tokens would need every
 * model's tokenizer and chat template on the request path, where bytes need one pass of
 * multiplications; and a conversation's next turn repeats the JSON bytes of the last one, so the
 * same prefixes are found. The price is a boundary: up to one block of a shared prefix goes unseen,
 * and a client that renders equal messages differently (other white space, other field order)
 * shares nothing.
 */
public final class PromptBlocks {
  /** Bytes in a block by default: about 256 tokens, 16 of vLLM's blocks. */
  public static final int BLOCK_BYTES = 1024;

  /** Blocks kept at most: 512 KiB of prompt, about 128 k tokens. What follows is not cached. */
  public static final int MAX_BLOCKS = 512;

  /** A prompt of which nothing is known. */
  public static final PromptBlocks NONE = new PromptBlocks(new long[0], BLOCK_BYTES, 0);

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED = 0x9e3779b97f4a7c15L;
  private static final long K1 = 0x9fb21c651e98df25L;
  private static final long K2 = 0xc2b2ae3d27d4eb4fL;

  private final long[] hashes;
  private final int blockBytes;
  private final long bytes;

  private PromptBlocks(long[] hashes, int blockBytes, long bytes) {
    this.hashes = hashes;
    this.blockBytes = blockBytes;
    this.bytes = bytes;
  }

  /** The blocks of a part of a body, at the default size and bound. */
  public static PromptBlocks of(byte[] body, int offset, int length) {
    return of(body, offset, length, BLOCK_BYTES, MAX_BLOCKS);
  }

  /**
   * The blocks of a part of a body.
   *
   * @param offset of the prompt's first byte
   * @param length of the prompt in bytes
   * @param blockBytes bytes in a block; a positive multiple of 8
   * @param maxBlocks how many leading blocks are kept
   * @throws IndexOutOfBoundsException if the part is not within the body
   */
  public static PromptBlocks of(
      byte[] body, int offset, int length, int blockBytes, int maxBlocks) {
    Objects.checkFromIndexSize(offset, length, body.length);
    if (blockBytes < 8 || blockBytes % 8 != 0) {
      throw new IllegalArgumentException(
          "blockBytes must be a positive multiple of 8, is " + blockBytes);
    }
    long[] hashes = new long[Math.min(length / blockBytes, maxBlocks)];
    long state = SEED;
    int at = offset;
    for (int i = 0; i < hashes.length; i++) {
      state = block(body, at, blockBytes, state);
      hashes[i] = state;
      at += blockBytes;
    }
    return new PromptBlocks(hashes, blockBytes, length);
  }

  /**
   * Blocks that were hashed elsewhere, such as those of a trace.
   *
   * @param hashes one a block, each of the whole prefix up to the block's end
   * @param blockBytes bytes in a block
   * @param bytes of the whole prompt; at least those of the blocks
   */
  public static PromptBlocks ofHashes(long[] hashes, int blockBytes, long bytes) {
    if (bytes < (long) hashes.length * blockBytes) {
      throw new IllegalArgumentException(
          hashes.length + " blocks of " + blockBytes + " bytes do not fit into " + bytes);
    }
    return new PromptBlocks(hashes.clone(), blockBytes, bytes);
  }

  /** How many blocks are known. */
  public int count() {
    return hashes.length;
  }

  /** Hash of the prefix that ends with a block, counted from 0. */
  public long hash(int block) {
    return hashes[block];
  }

  /** Bytes in a block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** The part of the prompt that the first blocks are, 0 to 1. */
  public double fraction(int blocks) {
    return bytes == 0 ? 0 : (double) ((long) blocks * blockBytes) / bytes;
  }

  /** Two lanes, so that multiplications overlap; each step is a bijection of its lane's state. */
  private static long block(byte[] body, int from, int length, long state) {
    long a = state;
    long b = state ^ K2;
    int end = from + length;
    int at = from;
    for (; at + 16 <= end; at += 16) {
      a = Long.rotateLeft((a ^ (long) LONGS.get(body, at)) * K1, 29);
      b = Long.rotateLeft((b ^ (long) LONGS.get(body, at + 8)) * K2, 31);
    }
    if (at < end) {
      a = Long.rotateLeft((a ^ (long) LONGS.get(body, at)) * K1, 29);
    }
    return mix(a ^ Long.rotateLeft(mix(b), 17));
  }

  /** Stafford's variant 13, as in SplitMix64. */
  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PromptBlocks that
        && bytes == that.bytes
        && blockBytes == that.blockBytes
        && Arrays.equals(hashes, that.hashes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return "PromptBlocks[" + hashes.length + " of " + blockBytes + " bytes in " + bytes + "]";
  }
}
