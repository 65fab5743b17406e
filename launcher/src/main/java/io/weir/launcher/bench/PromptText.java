package io.weir.launcher.bench;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Prompts of a given number of tokens. Every word is three common letters and a space: one token in
 * practically every byte-pair vocabulary, and four bytes, so that counting words and counting a
 * quarter of the bytes agree.
 */
final class PromptText {
  /** Length of a prefix block, as in the Mooncake traces. */
  static final int BLOCK_TOKENS = 512;

  static final int WORD_BYTES = 4;

  private static final String[] WORDS =
      ("the and for are but not you all any can her was one our out day get has him his how man new"
              + " now old see two way who boy did its let put say she too use dad mom act add age ago"
              + " air arm art ask bad bag bar bed big bit box bus buy car cat cut")
          .split(" ");

  private static final int RING_WORDS = 1 << 14;

  /** Words that make a request's first words differ from every other request's. */
  private static final int NUMBER_WORDS = 4;

  private final byte[] ring = new byte[2 * RING_WORDS * WORD_BYTES];
  private final long seed;

  PromptText(long seed) {
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < RING_WORDS; i++) {
      word(ring, i, random.nextInt(WORDS.length));
    }
    System.arraycopy(ring, 0, ring, ring.length / 2, ring.length / 2);
  }

  /**
   * The prompt of a request, pure ASCII without anything JSON would escape.
   *
   * @param number the request's number in the run; prompts of different numbers share no prefix but
   *     their blocks
   */
  byte[] of(Shot shot, int number) {
    byte[] text = new byte[shot.promptTokens() * WORD_BYTES];
    int words = 0;
    for (int block : shot.prefixBlocks()) {
      words += copy(text, words, Math.min(BLOCK_TOKENS, shot.promptTokens() - words), block);
    }
    for (int rest = number, i = 0; i < NUMBER_WORDS && words < shot.promptTokens(); i++) {
      word(text, words++, Math.floorMod(rest, WORDS.length));
      rest /= WORDS.length;
    }
    while (words < shot.promptTokens()) {
      words += copy(text, words, shot.promptTokens() - words, ~number);
    }
    return text;
  }

  private int copy(byte[] text, int at, int count, int id) {
    int start = new SplittableRandom(seed ^ (id * 0x9E3779B97F4A7C15L)).nextInt(RING_WORDS);
    int copied = Math.min(count, RING_WORDS);
    System.arraycopy(ring, start * WORD_BYTES, text, at * WORD_BYTES, copied * WORD_BYTES);
    return copied;
  }

  private static void word(byte[] text, int at, int index) {
    byte[] word = WORDS[index].getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(word, 0, text, at * WORD_BYTES, word.length);
    text[at * WORD_BYTES + word.length] = ' ';
  }
}
