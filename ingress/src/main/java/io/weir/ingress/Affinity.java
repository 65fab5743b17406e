package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;

/** What requests have in common that should meet the same engine. */
final class Affinity {
  private static final int LONGEST = 256;
  private static final int DIGEST_BYTES = 8;

  private Affinity() {}

  /** A session's own name, or a digest of one that is too long for a record key. */
  static String ofSession(String session) {
    return session.length() <= LONGEST ? session : digest(session);
  }

  /** A digest of a client's address, which itself is nobody else's business. */
  static String ofClient(String address) {
    return digest(address);
  }

  private static String digest(String text) {
    return HexFormat.of()
        .formatHex(Arrays.copyOf(Authenticator.sha256(text.getBytes(UTF_8)), DIGEST_BYTES));
  }
}
