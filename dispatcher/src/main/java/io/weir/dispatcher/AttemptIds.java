package io.weir.dispatcher;

import java.util.concurrent.ThreadLocalRandom;

/** Makes attempt ids: 50 random bits in Crockford's base 32. */
final class AttemptIds {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 10;

  private AttemptIds() {}

  static String next() {
    long bits = ThreadLocalRandom.current().nextLong();
    char[] id = new char[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      id[i] = DIGITS.charAt((int) (bits & 31));
      bits >>>= 5;
    }
    return new String(id);
  }
}
