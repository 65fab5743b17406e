package io.weir.controller.requests;

/** Keys of open requests, which sort by expiry. */
final class OpenKey {
  private static final int DIGITS = 13;

  private OpenKey() {}

  /** The key of a request that expires then; milliseconds since the epoch. */
  static String of(long expiresAtMillis, String id) {
    String digits = Long.toString(Math.max(0, expiresAtMillis));
    return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits + ":" + id;
  }

  /** When the request of a key expires; milliseconds since the epoch. */
  static long expiresAtMillis(String key) {
    return Long.parseLong(key, 0, key.indexOf(':'), 10);
  }

  /** The request's id. */
  static String id(String key) {
    return key.substring(key.indexOf(':') + 1);
  }
}
