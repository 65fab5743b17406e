package io.weir.routing.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The text a simulated engine answers with: token k is its index, a colon, four letters that depend
 * on the prompt and k, and a space, as in {@code 0:vobo 1:krat 2:mizu }. So whoever knows the
 * prompt can tell from the answer alone whether a token is missing, repeated, out of order, damaged
 * or another prompt's. All of it is ASCII that needs no escape in JSON.
 *
 * <p>The prompt of a chat is the text of its messages joined with newlines ({@link #prompt}), in
 * whatever roles.
 */
public final class SimText {
  /** Most bytes in a token. */
  public static final int MAX_TOKEN_BYTES = 16;

  private static final int LETTERS = 4;
  private static final int ANY_BLOCK = 16;

  private SimText() {}

  /** What an answer turned out to be. */
  public sealed interface Verdict {
    /**
     * Every token is there, in order, and belongs to the prompt.
     *
     * @param tokens how many
     */
    record Intact(int tokens) implements Verdict {}

    /**
     * The answer is not what the engine wrote.
     *
     * @param token index of the first token that is wrong
     * @param offset where it begins in the answer, in characters
     * @param expected what should stand there
     * @param found what does, at most a token's length of it
     */
    record Broken(int token, int offset, String expected, String found) implements Verdict {}
  }

  /** The prompt of a chat with these message texts. */
  public static String prompt(List<String> contents) {
    return String.join("\n", contents);
  }

  /** The fingerprint of a prompt, on which its answer depends. */
  public static long fingerprint(CharSequence prompt) {
    return new PromptDigest(ANY_BLOCK).append(prompt).fingerprint();
  }

  /** Tokens of a text as simulated engines count them: see {@link PromptDigest}. */
  public static int tokens(CharSequence text) {
    return new PromptDigest(ANY_BLOCK).append(text).tokens();
  }

  /** The first tokens of the answer to a prompt. */
  public static String answer(CharSequence prompt, int tokens) {
    long fingerprint = fingerprint(prompt);
    byte[] text = new byte[Math.multiplyExact(tokens, MAX_TOKEN_BYTES)];
    int end = 0;
    for (int k = 0; k < tokens; k++) {
      end = write(fingerprint, k, text, end);
    }
    return new String(text, 0, end, StandardCharsets.US_ASCII);
  }

  /** Checks an answer of any length: what is there must be right, and end with a whole token. */
  public static Verdict verify(CharSequence prompt, CharSequence answer) {
    long fingerprint = fingerprint(prompt);
    byte[] token = new byte[MAX_TOKEN_BYTES];
    int index = 0;
    int offset = 0;
    while (offset < answer.length()) {
      int length = write(fingerprint, index, token, 0);
      if (!matches(answer, offset, token, length)) {
        return broken(
            index, offset, new String(token, 0, length, StandardCharsets.US_ASCII), answer);
      }
      offset += length;
      index++;
    }
    return new Verdict.Intact(index);
  }

  /** Checks an answer that must have a number of tokens. */
  public static Verdict verify(CharSequence prompt, CharSequence answer, int tokens) {
    Verdict verdict = verify(prompt, answer);
    if (verdict instanceof Verdict.Intact intact && intact.tokens() != tokens) {
      int first = Math.min(tokens, intact.tokens());
      String expected =
          tokens > intact.tokens() ? "token " + first : "the end, after " + tokens + " tokens";
      return broken(first, answer(prompt, first).length(), expected, answer);
    }
    return verdict;
  }

  /**
   * Writes one token.
   *
   * @param fingerprint of the prompt
   * @param index from 0
   * @param target with room for {@link #MAX_TOKEN_BYTES} from the offset
   * @return the offset after it
   */
  public static int write(long fingerprint, int index, byte[] target, int offset) {
    int end = writeDecimal(index, target, offset);
    target[end++] = ':';
    long bits = Mix.mix(fingerprint + index);
    for (int i = 0; i < LETTERS; i++) {
      target[end++] = (byte) ('a' + (int) (((bits & 0xffff) * 26) >>> 16));
      bits >>>= 16;
    }
    target[end++] = ' ';
    return end;
  }

  private static int writeDecimal(int value, byte[] target, int offset) {
    int digits = 1;
    for (int rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int rest = value;
    for (int i = offset + digits - 1; i >= offset; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return offset + digits;
  }

  private static boolean matches(CharSequence answer, int offset, byte[] token, int length) {
    if (answer.length() - offset < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (answer.charAt(offset + i) != token[i]) {
        return false;
      }
    }
    return true;
  }

  private static Verdict broken(int index, int offset, String expected, CharSequence answer) {
    int end = Math.min(answer.length(), offset + MAX_TOKEN_BYTES);
    return new Verdict.Broken(index, offset, expected, answer.subSequence(offset, end).toString());
  }
}
