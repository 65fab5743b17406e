package io.weir.dispatcher.http;

import java.net.URI;

/**
 * Where an engine listens.
 *
 * @param host name or address
 * @param port TCP port
 * @param basePath prefix of every path, without a slash at its end
 */
public record Endpoint(Scheme scheme, String host, int port, String basePath) {
  /** Plain or encrypted. */
  public enum Scheme {
    HTTP(80),
    HTTPS(443);

    private final int port;

    Scheme(int port) {
      this.port = port;
    }
  }

  /** The endpoint of an absolute {@code http} or {@code https} URL. */
  public static Endpoint of(URI url) {
    Scheme scheme = "https".equals(url.getScheme()) ? Scheme.HTTPS : Scheme.HTTP;
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    String host = url.getHost();
    // URI keeps the brackets of an IPv6 address, which a socket address does not have.
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Endpoint(scheme, bare, url.getPort() < 0 ? scheme.port : url.getPort(), path);
  }

  /** What the Host header says. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == scheme.port ? name : name + ":" + port;
  }
}
