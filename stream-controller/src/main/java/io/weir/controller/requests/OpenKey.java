package io.weir.controller.requests;

/** Keys of open requests, which sort by expiry. */
final class OpenKey {
  private static final int DIGITS = 13;

  private OpenKey() {}

  /** The key of a request that expires then; milliseconds since the epoch. */
  static String of(long expiresAtMillis, String id) {
    return upTo(expiresAtMillis) + id;
  }

  /** Before all keys of requests that expire then or later, and after all others. */
  static String upTo(long expiresAtMillis) {
    return "%013d:".formatted(Math.max(0, expiresAtMillis));
  }

  /** The request's id. */
  static String id(String key) {
    return key.substring(DIGITS + 1);
  }
}
