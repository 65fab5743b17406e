package io.weir.routing.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record that may be written as a single value, which stands for one of its keys: {@code profile:
 * x} for {@code profile: {name: x}}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {
  /** The key in kebab case. */
  String value();
}
