package io.weir.controller.fleet;

import io.weir.routing.config.ConfigException;
import io.weir.routing.fleet.Engine;
import java.net.URI;

/** Keeps passwords in URLs out of topics that everybody reads. */
public final class UrlCredentials {
  private UrlCredentials() {}

  /**
   * Refuses an engine whose URLs hold a user and password.
   *
   * @throws ConfigException if they do
   */
  public static void refuse(Engine engine) {
    check("url", engine.url());
    engine.metricsUrl().ifPresent(url -> check("metrics-url", url));
  }

  private static void check(String key, URI url) {
    if (url.getRawUserInfo() != null) {
      throw new ConfigException(
          key, "must hold no user and password, since it is published; use api-key");
    }
  }
}
