package io.weir.controller.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.weir.routing.config.Secret;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps web pages of others from using the admin API through an operator's browser: by another name
 * for this address (DNS rebinding), or from another origin. Asks for the key where there is one.
 */
final class AdminGuard {
  private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-f:.%]+]|[0-9.]+");
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final HeaderName FETCH_SITE = HeaderNames.create("sec-fetch-site");

  private final Optional<Secret> key;
  private final Set<String> names = new HashSet<>(Set.of("localhost"));

  /**
   * @param allowedHosts names under which the API may be reached
   */
  AdminGuard(Optional<Secret> key, String ownHost, Collection<String> allowedHosts) {
    this.key = key;
    names.add(ownHost.toLowerCase(Locale.ROOT));
    allowedHosts.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Lets a request through.
   *
   * @throws AdminException with 401, 403 or 421 if it may not pass
   */
  void check(Method method, ServerRequestHeaders headers) throws AdminException {
    String authority = headers.first(HeaderNames.HOST).orElse("").toLowerCase(Locale.ROOT);
    String host = PORT.matcher(authority).replaceFirst("");
    if (!names.contains(host) && !ADDRESS.matcher(host).matches()) {
      throw new AdminException(
          421,
          "unknown_host",
          "host",
          "The admin API is not known as '%s'; add it to controller.allowed-hosts."
              .formatted(host));
    }
    Optional<String> origin =
        headers.first(HeaderNames.ORIGIN).map(s -> s.toLowerCase(Locale.ROOT));
    boolean foreign =
        origin.isPresent()
            ? !origin.get().equals("http://" + authority)
                && !origin.get().equals("https://" + authority)
            : headers.first(FETCH_SITE).filter(site -> isForeign(site, method)).isPresent();
    if (foreign) {
      throw new AdminException(
          403, "foreign_origin", "origin", "Pages of other origins may not use the admin API.");
    }
    if (key.isPresent() && !hasKey(headers)) {
      throw new AdminException(
          401,
          "invalid_api_key",
          "authorization",
          "The admin API needs its key: Authorization: Bearer <controller.api-key>.");
    }
  }

  /** Same-origin pages, and addresses typed into the browser, are none. */
  private static boolean isForeign(String site, Method method) {
    return switch (site) {
      case "same-origin" -> false;
      case "none" -> !method.equals(Method.GET);
      default -> true;
    };
  }

  private boolean hasKey(ServerRequestHeaders headers) {
    byte[] given = headers.first(HeaderNames.AUTHORIZATION).orElse("").getBytes(UTF_8);
    byte[] wanted = ("Bearer " + key.orElseThrow().value()).getBytes(UTF_8);
    return MessageDigest.isEqual(given, wanted);
  }
}
