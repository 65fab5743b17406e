package io.weir.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.ingress.tenant.Tenants;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Tells whose request it is by its bearer token. Keys are known by their SHA-256 only: those of the
 * configuration, and those that operators gave to tenants.
 */
final class Authenticator {
  /** Whose requests are those of an ingress without keys. */
  private static final String EVERYONE = "default";

  private static final String BEARER = "bearer ";

  private record Known(ByteBuffer digest, String tenant) {}

  private final List<Known> keys;
  private final Tenants tenants;

  /**
   * @param keys of the configuration
   * @param tenants with keys of their own
   */
  Authenticator(List<ApiKey> keys, Tenants tenants) {
    this.tenants = tenants;
    this.keys =
        keys.stream()
            .map(
                key ->
                    new Known(
                        ByteBuffer.wrap(HexFormat.of().parseHex(key.keySha256())), key.tenant()))
            .toList();
  }

  /**
   * The tenant of a request.
   *
   * @param authorization the header's value
   * @throws RefusedException with 401 if there are keys and this is none of them
   */
  String tenant(Optional<String> authorization) throws RefusedException {
    if (keys.isEmpty() && !tenants.hasKeys()) {
      return EVERYONE;
    }
    String token =
        authorization
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip())
            .orElseThrow(
                () -> refused("No API key was given: send it as Authorization: Bearer <key>."));
    byte[] digest = sha256(token.getBytes(UTF_8));
    Optional<Known> match = Optional.empty();
    for (Known key : keys) {
      // No early exit: how long it takes must not depend on which key matches.
      match = MessageDigest.isEqual(key.digest().array(), digest) ? Optional.of(key) : match;
    }
    return match
        .map(Known::tenant)
        .or(() -> tenants.ownerOf(HexFormat.of().formatHex(digest)))
        .orElseThrow(() -> refused("The API key is not known here, or was revoked."));
  }

  private static RefusedException refused(String message) {
    return new RefusedException(ApiError.invalid(401, "invalid_api_key", message));
  }

  /** SHA-256 of the bytes. */
  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
