package io.weir.launcher.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;

/** Finds base ports for processes that cannot tell which ports they were given. */
final class FreePorts {
  /** Distances from the base of everything that may listen. */
  private static final int[] OFFSETS = {0, 1, 5, 10, 15, 16, 21, 22, 23, 24, 25, 1012, 1014};

  private static final Random RANDOM = new Random();

  private FreePorts() {}

  /** A base port below those that systems hand out, of which every role's port is free now. */
  static int base() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int base = 12_000 + RANDOM.nextInt(15_000);
      if (allFree(base)) {
        return base;
      }
    }
    throw new IllegalStateException("no free ports");
  }

  private static boolean allFree(int base) {
    for (int offset : OFFSETS) {
      try (ServerSocket socket =
          new ServerSocket(base + offset, 1, InetAddress.getLoopbackAddress())) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
