package io.weir.sim;

import io.weir.routing.engine.PromptDigest;
import io.weir.routing.engine.SimText;

/**
 * Recognises the beginning of an answer, so that it can be gone on with. An answer depends on its
 * prompt, so text that is not this prompt's own answer is never taken for one.
 */
final class Prefix {
  private Prefix() {}

  /**
   * How many tokens of a prompt's answer a text is.
   *
   * @return 0 if it is anything else
   */
  static int tokens(PromptDigest prompt, CharSequence text) {
    return tokens(prompt.fingerprint(), text, 0);
  }

  /**
   * Where, in a prompt that was made of another one and the beginning of its answer, that begins.
   *
   * @return the text's length if there is no such thing in it
   */
  static int begin(String prompt, int blockSize) {
    int at = prompt.endsWith(" ") ? prompt.lastIndexOf("0:") : -1;
    while (at >= 0) {
      // Later tokens whose number ends in 0 look like the first, but are none of what is before.
      PromptDigest before = new PromptDigest(blockSize).append(prompt.substring(0, at));
      if (tokens(before.fingerprint(), prompt, at) > 0) {
        return at;
      }
      at = prompt.lastIndexOf("0:", at - 1);
    }
    return prompt.length();
  }

  /** Tokens of a text as this engine would count it: words of its own are one each. */
  static int count(String text) {
    return text.matches("(\\d+:[a-z]{4} )+")
        ? (int) text.chars().filter(c -> c == ' ').count()
        : SimText.tokens(text);
  }

  private static int tokens(long fingerprint, CharSequence text, int from) {
    byte[] token = new byte[SimText.MAX_TOKEN_BYTES];
    int at = from;
    int index = 0;
    while (at < text.length()) {
      int length = SimText.write(fingerprint, index, token, 0);
      if (text.length() - at < length) {
        return 0;
      }
      for (int i = 0; i < length; i++) {
        if (text.charAt(at + i) != token[i]) {
          return 0;
        }
      }
      at += length;
      index++;
    }
    return index;
  }
}
