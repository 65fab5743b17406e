package io.weir.launcher.role;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes groups of things, the last added first, the members of a group at once. */
final class Shutdown implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private record Group(String name, List<? extends AutoCloseable> members) {}

  private final Deque<Group> groups = new ArrayDeque<>();

  synchronized void add(String name, AutoCloseable member) {
    addAll(name, List.of(member));
  }

  synchronized void addAll(String name, List<? extends AutoCloseable> members) {
    groups.push(new Group(name, members));
  }

  @Override
  public synchronized void close() {
    while (!groups.isEmpty()) {
      Group group = groups.pop();
      long start = System.nanoTime();
      Together.run(
          group.members().stream().<Runnable>map(member -> () -> close(group, member)).toList());
      LOG.info(
          "stopped what=\"{}\" millis={}",
          group.name(),
          Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
  }

  /** One that cannot be closed must not keep the others from it. */
  private static void close(Group group, AutoCloseable member) {
    try {
      member.close();
    } catch (Exception e) {
      LOG.warn("could not stop what=\"{}\"", group.name(), e);
    }
  }
}
