package io.weir.launcher.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports for processes that are started more than once and must come back where they were. All lie
 * below those that systems hand out for outgoing connections, which would take them meanwhile.
 */
final class FreePorts {
  private static final int FIRST = 12_000;
  private static final int LAST = 27_000;
  private static final int TRIES = 1_000;

  private final Random random = new Random();
  private final Set<Integer> given = new HashSet<>();

  /** A port that nobody listens on now and that was not given before. */
  int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST + random.nextInt(LAST - FIRST);
      if (isFree(port) && given.add(port)) {
        return port;
      }
    }
    throw new ChaosException("No free port was found from " + FIRST + " to " + LAST + ".");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }
}
