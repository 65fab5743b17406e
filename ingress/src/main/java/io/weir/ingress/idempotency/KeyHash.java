package io.weir.ingress.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of keys and bodies, so that neither is kept. */
public final class KeyHash {
  private KeyHash() {}

  /**
   * A tenant's key. No tenant's name has a NUL in it, so no two keys meet by chance of spelling.
   */
  public static String ofKey(String tenant, String key) {
    MessageDigest digest = sha256();
    digest.update(tenant.getBytes(UTF_8));
    digest.update((byte) 0);
    digest.update(key.getBytes(UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * What is asked for.
   *
   * @param body its position is left alone
   */
  public static String ofBody(String path, ByteBuffer body) {
    MessageDigest digest = sha256();
    digest.update(path.getBytes(UTF_8));
    digest.update((byte) '\n');
    digest.update(body.duplicate());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
