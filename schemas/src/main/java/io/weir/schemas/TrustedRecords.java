package io.weir.schemas;

import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro instantiates no class that a schema names unless it is trusted, lest a registry choose which
 * constructors run. The generated records are.
 */
public final class TrustedRecords {
  private static final String PACKAGE = InferenceRequest.class.getPackageName();

  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals(PACKAGE)));
  }

  private TrustedRecords() {}

  /** Adds this package to what the process trusts; once, however often it is called. */
  public static void install() {
    // The work is done by the static initializer.
  }
}
