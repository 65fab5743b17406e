package io.weir.controller.callbacks;

import io.weir.routing.config.ConfigException;
import io.weir.routing.config.DataSize;
import io.weir.routing.config.Default;
import io.weir.routing.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Posting results.
 *
 * @param allow hosts that results may be posted to; {@code *.example.com} is every host below it
 * @param allowNetworks addresses within this machine or a private network that those hosts may have
 *     all the same, such as {@code 10.1.0.0/16}
 * @param secret signs what is posted: {@code whsec_} and 24 to 64 bytes in base64
 * @param timeout for one post
 * @param patience how long a result is tried again
 * @param largest answer that is posted; of a larger one only its size is told
 */
public record CallbacksConfig(
    List<String> allow,
    List<String> allowNetworks,
    Optional<Secret> secret,
    @Default("10s") Duration timeout,
    @Default("24h") Duration patience,
    @Default("4MiB") DataSize largest) {
  public CallbacksConfig {
    allow = List.copyOf(allow);
    allowNetworks = List.copyOf(allowNetworks);
    for (String network : allowNetworks) {
      if (Network.parse(network).isEmpty()) {
        throw new ConfigException(
            "allow-networks", "'%s' is no network such as 10.1.0.0/16".formatted(network));
      }
    }
    if (!allow.isEmpty() && secret.isEmpty()) {
      throw new ConfigException("secret", "is needed to sign what is posted to " + allow);
    }
    if (secret.isPresent() && WebhookSignature.key(secret.get().value()).isEmpty()) {
      throw new ConfigException("secret", "must be whsec_ followed by 24 to 64 bytes in base64");
    }
    if (!timeout.isPositive()) {
      throw new ConfigException("timeout", "must be longer than zero, is " + timeout);
    }
    if (patience.isNegative()) {
      throw new ConfigException("patience", "must not be negative, is " + patience);
    }
  }
}
