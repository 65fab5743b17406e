package io.weir.ingress;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.Default;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A key a client may use.
 *
 * @param keySha256 SHA-256 of the key in hex, so that the configuration gives no key away
 * @param tenant whom its requests are accounted to
 */
public record ApiKey(String keySha256, @Default("default") String tenant) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  public ApiKey {
    keySha256 = keySha256.toLowerCase(Locale.ROOT);
    if (!DIGEST.matcher(keySha256).matches()) {
      throw new ConfigException(
          "key-sha256",
          "must be the key's SHA-256 in 64 hexadecimal digits: echo -n KEY | sha256sum");
    }
    if (tenant.isBlank()) {
      throw new ConfigException("tenant", "must not be blank");
    }
  }
}
