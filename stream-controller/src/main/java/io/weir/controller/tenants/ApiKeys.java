package io.weir.controller.tenants;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes keys for tenants' clients. */
final class ApiKeys {
  private static final String PREFIX = "wk-";
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 6;

  private final SecureRandom random = new SecureRandom();

  /** A key of 256 random bits. */
  String key() {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(KEY_BYTES));
  }

  /** What people call a key; it has nothing to do with the key. */
  String id() {
    return "key_" + HexFormat.of().formatHex(bytes(ID_BYTES));
  }

  /** SHA-256 of a key, in hexadecimal. */
  static String digest(String key) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
