package io.weir.routing.config;

/**
 * A value that must not be seen: it prints as stars.
 *
 * @param value the secret itself
 */
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
