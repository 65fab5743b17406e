package io.weir.launcher.chaos;

import io.weir.launcher.Main;
import java.io.IOException;
import java.io.InputStream;

/**
 * A {@code weir} command as the child of another process: it ends at once when standard input does,
 * so that nothing is left behind by a parent that was killed.
 */
public final class ChildMain {
  private static final int PARENT_IS_GONE = 143;

  private ChildMain() {}

  /** Runs the command whose words are the arguments. */
  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("weir-parent-watch").start(ChildMain::watch);
    Main.main(arguments);
  }

  private static void watch() {
    InputStream in = System.in;
    try {
      while (in.read() >= 0) {
        // Nothing is said; only the end matters.
      }
    } catch (IOException gone) {
      Runtime.getRuntime().halt(PARENT_IS_GONE);
    }
    Runtime.getRuntime().halt(PARENT_IS_GONE);
  }
}
