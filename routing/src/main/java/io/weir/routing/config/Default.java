package io.weir.routing.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value a configuration record's component has when its key is absent, written as it would be
 * in the file: {@code @Default("76ms") Duration timeout}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /** The value as text, in the syntax of the configuration file. */
  String value();
}
