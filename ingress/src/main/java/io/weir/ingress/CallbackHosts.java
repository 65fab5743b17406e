package io.weir.ingress;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * Where results may be posted. The controller, which posts them, has the last word.
 *
 * @param allow names of hosts, with a port where it is not 443; none by default, so that there are
 *     no callbacks
 */
public record CallbackHosts(List<String> allow) {
  private static final int LONGEST = 2_048;

  public CallbackHosts {
    allow = allow.stream().map(host -> host.strip().toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Checks what a client asked for.
   *
   * @throws RefusedException with 400 if it is not to be posted to
   */
  String check(String url) throws RefusedException {
    URI uri = parse(url);
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    // In the clear only where the operator named scheme and all.
    String allowed = https ? authority(uri) : uri.getScheme() + "://" + authority(uri);
    if (uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
      throw refused("must be an absolute https URL without user or fragment.");
    }
    if (!allow.contains(allowed.toLowerCase(Locale.ROOT))) {
      throw refused("names '" + allowed + "', which ingress.callbacks.allow does not list.");
    }
    return uri.toString();
  }

  private static String authority(URI uri) {
    return uri.getPort() < 0 || uri.getPort() == 443
        ? String.valueOf(uri.getHost())
        : uri.getHost() + ":" + uri.getPort();
  }

  private static URI parse(String url) throws RefusedException {
    if (url.length() > LONGEST) {
      throw refused("must not be longer than " + LONGEST + " characters.");
    }
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw refused("is no URL: " + e.getReason() + ".");
    }
  }

  private static RefusedException refused(String sentence) {
    return new RefusedException(
        ApiError.invalid(
            Responses.CALLBACK.defaultCase(),
            "The header " + Responses.CALLBACK.defaultCase() + " " + sentence));
  }
}
