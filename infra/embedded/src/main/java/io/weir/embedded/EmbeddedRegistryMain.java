package io.weir.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The embedded registry as a process of its own. It prints {@code schema.registry.url=...} when it
 * answers, and stops when standard input ends, so that it never outlives the process that started
 * it.
 */
public final class EmbeddedRegistryMain {
  /** What it prints when it answers, before its address. */
  public static final String READY = "schema.registry.url=";

  private EmbeddedRegistryMain() {}

  /**
   * Runs a registry until standard input ends.
   *
   * @param args its port, or nothing for a free one
   * @throws IOException if standard input cannot be read
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (EmbeddedRegistry registry =
            EmbeddedRegistry.start(args.length == 0 ? 0 : Integer.parseInt(args[0]));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      out.println(READY + registry.url());
      while (in.readLine() != null) {
        // Whatever is said is not for us.
      }
    } catch (EmbeddedBrokerException failure) {
      out.println(failure.getMessage());
      System.exit(1);
    }
  }
}
