package io.weir.launcher.role;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does independent things at once. */
final class Together {
  private Together() {}

  /**
   * Calls each on a thread of its own and waits for all.
   *
   * @return the results in order
   * @throws RuntimeException the first failure, the others suppressed; what the others returned is
   *     closed if it can be
   */
  static <T> List<T> call(List<Callable<T>> calls) {
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-launch-", 0).factory())) {
      List<Future<T>> futures = calls.stream().map(threads::submit).toList();
      for (Future<T> future : futures) {
        try {
          results.add(future.get());
        } catch (ExecutionException e) {
          RuntimeException cause = unchecked(e.getCause());
          if (failure == null) {
            failure = cause;
          } else {
            failure.addSuppressed(cause);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          failure = new LaunchException("Interrupted while starting.", e);
          threads.shutdownNow();
        }
      }
    }
    if (failure != null) {
      closeAll(results, failure);
      throw failure;
    }
    return results;
  }

  /** Runs each on a thread of its own and waits for all. */
  static void run(List<Runnable> actions) {
    call(actions.stream().map(Executors::callable).toList());
  }

  private static void closeAll(List<?> results, RuntimeException failure) {
    for (Object result : results) {
      if (result instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          failure.addSuppressed(e);
        }
      }
    }
  }

  private static RuntimeException unchecked(Throwable cause) {
    return cause instanceof RuntimeException runtime
        ? runtime
        : new LaunchException(String.valueOf(cause.getMessage()), cause);
  }
}
