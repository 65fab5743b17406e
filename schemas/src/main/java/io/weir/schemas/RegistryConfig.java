package io.weir.schemas;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * How to reach a registry, by the keys that Confluent's clients take.
 *
 * @param urls one or more, without user information or a slash at the end
 * @param authorization the value of the Authorization header
 * @param autoRegister whether unknown schemas may be registered
 * @param connectTimeout for one URL
 * @param readTimeout for one request
 * @param tls for https; the JDK's trust store if empty
 */
record RegistryConfig(
    List<String> urls,
    Optional<String> authorization,
    boolean autoRegister,
    Duration connectTimeout,
    Duration readTimeout,
    Optional<SSLContext> tls) {

  static final String URL = "schema.registry.url";
  private static final String TLS_PREFIX = "schema.registry.";

  static RegistryConfig of(Map<String, ?> config) {
    List<URI> urls =
        text(config, URL).stream()
            .flatMap(list -> Arrays.stream(list.split(",", -1)))
            .map(String::strip)
            .filter(url -> !url.isEmpty())
            .map(RegistryConfig::url)
            .toList();
    if (urls.isEmpty()) {
      throw new ConfigException(
          URL + " is missing: give the schema registry's URL, such as http://localhost:8085.");
    }
    return new RegistryConfig(
        urls.stream().map(RegistryConfig::withoutUser).toList(),
        authorization(config, urls),
        text(config, "auto.register.schemas").map(Boolean::parseBoolean).orElse(true),
        millis(config, "http.connect.timeout.ms", 2_000),
        millis(config, "http.read.timeout.ms", 5_000),
        tls(config));
  }

  private static URI url(String text) {
    try {
      URI url = URI.create(text);
      if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (IllegalArgumentException malformed) {
      throw new ConfigException(URL + " is not a URL: " + malformed.getMessage());
    }
    throw new ConfigException(URL + " must begin with http:// or https:// and name a host.");
  }

  private static String withoutUser(URI url) {
    String port = url.getPort() == -1 ? "" : ":" + url.getPort();
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return url.getScheme() + "://" + url.getHost() + port + path.replaceAll("/+$", "");
  }

  private static Optional<String> authorization(Map<String, ?> config, List<URI> urls) {
    if (text(config, "bearer.auth.credentials.source").isPresent()) {
      return text(config, "bearer.auth.token").map(token -> "Bearer " + token);
    }
    Optional<String> user =
        text(config, "basic.auth.credentials.source").filter("USER_INFO"::equals).isPresent()
            ? text(config, "basic.auth.user.info")
                .or(() -> text(config, "schema.registry.basic.auth.user.info"))
            : Optional.ofNullable(urls.getFirst().getUserInfo());
    return user.map(
        info ->
            "Basic " + Base64.getEncoder().encodeToString(info.getBytes(StandardCharsets.UTF_8)));
  }

  private static Optional<SSLContext> tls(Map<String, ?> config) {
    Map<String, Object> stores = new HashMap<>();
    config.forEach(
        (key, value) -> {
          if (key.startsWith(TLS_PREFIX + "ssl.")) {
            stores.put(key.substring(TLS_PREFIX.length()), value);
          }
        });
    if (stores.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(context(stores));
  }

  private static SSLContext context(Map<String, Object> stores) {
    Map<String, Object> complete = new ConfigDef().withClientSslSupport().parse(stores);
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(complete);
      return factory.sslContext();
    }
  }

  private static Optional<String> text(Map<String, ?> config, String key) {
    return Optional.ofNullable(config.get(key)).map(Object::toString);
  }

  private static Duration millis(Map<String, ?> config, String key, long otherwise) {
    try {
      return Duration.ofMillis(text(config, key).map(Long::parseLong).orElse(otherwise));
    } catch (NumberFormatException bad) {
      throw new ConfigException(key, config.get(key), "must be a number of milliseconds");
    }
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return "RegistryConfig[" + String.join(",", urls) + "]";
  }
}
