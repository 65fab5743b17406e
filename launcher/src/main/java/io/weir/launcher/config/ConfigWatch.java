package io.weir.launcher.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up a configuration file's changes. The file is looked at once a second: that sees edits in
 * place, files moved over it, and the links that Kubernetes swaps alike. A file that cannot be used
 * is refused with the reason in the log, and what was running goes on.
 */
public final class ConfigWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Who takes a changed configuration up. */
  @FunctionalInterface
  public interface Target {
    /**
     * Takes it up.
     *
     * @throws RuntimeException with a sentence if it cannot be used
     * @throws Exception if it could not be taken up now; it is given again a second later
     */
    void accept(WeirConfig config) throws Exception;
  }

  private final Path file;
  private final Target target;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private Optional<String> seen;
  private WeirConfig running;

  ConfigWatch(Path file, WeirConfig running, Target target) {
    this.file = file;
    this.running = running;
    this.target = target;
    this.seen = read();
    this.thread = Thread.ofPlatform().name("weir-config-watch").unstarted(this::run);
  }

  /**
   * Begins to watch.
   *
   * @param running what the file said when it was read
   * @param target takes a changed configuration up; what it throws is the reason for a refusal
   */
  public static ConfigWatch start(Path file, WeirConfig running, Target target) {
    ConfigWatch watch = new ConfigWatch(file, running, target);
    watch.thread.start();
    return watch;
  }

  /** Looks once. */
  void look() {
    Optional<String> now = read();
    if (now.equals(seen)) {
      return;
    }
    Optional<String> before = seen;
    seen = now;
    try {
      take(ConfigFile.load(file));
    } catch (RuntimeException e) {
      LOG.error(
          "configuration refused file={}: {}. What was running goes on", file, e.getMessage());
      LOG.debug("refused because", e);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      seen = before;
      LOG.warn(
          "configuration not taken up yet file={}: {}. It is tried again", file, e.getMessage());
    }
  }

  private void take(WeirConfig offered) throws Exception {
    List<String> fixed = Reload.needsRestart(running, offered);
    if (!fixed.isEmpty()) {
      throw new IllegalArgumentException(
          String.join(", ", fixed)
              + " cannot change while Weir runs; restart it, or undo that change");
    }
    target.accept(offered);
    running = offered;
    LOG.info("configuration taken up file={} engines={}", file, offered.engines().size());
  }

  private Optional<String> read() {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private void run() {
    try {
      while (!stopping.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
