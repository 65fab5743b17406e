package io.weir.routing.engine;

import java.util.Arrays;

/**
 * Reads a prompt's text once and keeps its length in tokens, a fingerprint, and a hash of every
 * prefix that is a whole number of blocks.
 *
 * <p>The tokenizer is: one token is four bytes of the text in UTF-8, the last one may be shorter,
 * and an empty text is one token. Four bytes a token is what common tokenizers average on English.
 */
public final class PromptDigest {
  /** Bytes of UTF-8 in a token. */
  public static final int BYTES_PER_TOKEN = 4;

  private static final long SEED = 0x9e3779b97f4a7c15L;
  private static final long PRIME = 0x100000001b3L;
  private static final int FIRST_HASHES = 16;

  private final long blockBytes;
  private long[] hashes = new long[FIRST_HASHES];
  private int blocks;
  private long state = SEED;
  private long bytes;
  private long nextBlock;

  /**
   * An empty prompt.
   *
   * @param blockSize tokens in a block of the engine's KV cache
   */
  public PromptDigest(int blockSize) {
    blockBytes = (long) blockSize * BYTES_PER_TOKEN;
    nextBlock = blockBytes;
  }

  /** Reads more text. Where the text is cut between calls makes no difference. */
  public PromptDigest append(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
    return this;
  }

  /** Reads more text. */
  public PromptDigest append(char[] text, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      append(text[i]);
    }
    return this;
  }

  /** Reads one character; half a surrogate pair counts two of the pair's four bytes. */
  public void append(char c) {
    state = (state ^ c) * PRIME;
    bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    if (bytes >= nextBlock) {
      endBlock();
    }
  }

  /** Tokens of the text so far; at least 1. */
  public int tokens() {
    return Math.toIntExact(Math.max(1, (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN));
  }

  /** Differs for different texts, up to collisions of 64 bits. */
  public long fingerprint() {
    return Mix.mix(state);
  }

  /** A hash per full block, each of the whole text up to its end. */
  public long[] blockHashes() {
    return Arrays.copyOf(hashes, blocks);
  }

  private void endBlock() {
    if (blocks == hashes.length) {
      hashes = Arrays.copyOf(hashes, blocks * 2);
    }
    hashes[blocks++] = Mix.mix(state);
    nextBlock += blockBytes;
  }
}
