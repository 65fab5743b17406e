package io.weir.dispatcher;

import io.weir.dispatcher.Watchdog.Bite;
import io.weir.dispatcher.Watchdog.Watch;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a request that this dispatcher took is still its own to run. Asked again at every step
 * that takes time.
 */
final class Custody {
  private final Predicate<String> cancelled;

  /**
   * Asks others.
   *
   * @param cancelled by request id
   */
  Custody(Predicate<String> cancelled) {
    this.cancelled = cancelled;
  }

  /** Why the request must not be run any further, if it must not. */
  Optional<Bite> refusal(Held held) {
    if (!held.tenure().holds()) {
      return Optional.of(Bite.FENCED);
    }
    return cancelled.test(held.request().getId()) ? Optional.of(Bite.CANCELLED) : Optional.empty();
  }

  /** Aborts an exchange that begins too late. */
  void check(Held held, Watch watch) {
    refusal(held).ifPresent(watch::abort);
  }
}
