package io.weir.schemas;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which client properties must not be seen. */
final class Secrets {
  private static final Pattern SECRET_KEY =
      Pattern.compile("password|jaas|user\\.info|secret|token|keystore\\.key|credential");

  private static final Pattern USER_IN_URL = Pattern.compile("//[^/@\\s,]*@");

  private Secrets() {}

  static String shown(String key, String value) {
    return SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).find()
        ? "***"
        : USER_IN_URL.matcher(value).replaceAll("//***@");
  }
}
