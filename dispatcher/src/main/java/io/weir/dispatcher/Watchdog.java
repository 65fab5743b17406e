package io.weir.dispatcher;

import io.weir.dispatcher.http.Exchange;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Aborts exchanges that wait too long, by this process's monotonic clock. Whoever runs it calls
 * {@link #look} every now and then; an exchange is aborted that much later at most.
 */
final class Watchdog {
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanoClock;

  Watchdog(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Why an exchange was aborted. */
  enum Bite {
    NONE,
    TIMEOUT,
    STOPPED,
    /** Another engine's answer came first. */
    BEATEN,
    /** The request is to end without an answer. */
    CANCELLED,
    /** Others may have taken over. */
    FENCED
  }

  /** Watches over one exchange; at rest at first. */
  final class Watch implements AutoCloseable {
    private final Exchange exchange;
    private final Optional<String> request;
    private volatile long deadline;
    private volatile boolean armed;
    private volatile Bite bite = Bite.NONE;

    private Watch(Exchange exchange, Optional<String> request) {
      this.exchange = exchange;
      this.request = request;
    }

    /** Aborts the exchange at a time unless told otherwise before. */
    void until(long deadlineNanos) {
      deadline = deadlineNanos;
      armed = true;
    }

    /** Whatever takes long now is not the engine's fault. */
    void rest() {
      armed = false;
    }

    Bite bite() {
      return bite;
    }

    void abort(Bite reason) {
      if (bite == Bite.NONE) {
        bite = reason;
      }
      exchange.abort();
    }

    private void look(long now) {
      if (armed && now - deadline >= 0) {
        abort(Bite.TIMEOUT);
      }
    }

    @Override
    public void close() {
      watches.remove(this);
    }
  }

  Watch over(Exchange exchange) {
    return add(new Watch(exchange, Optional.empty()));
  }

  /** Watches over the exchange of a request, so that it can be found by the request's id. */
  Watch over(Exchange exchange, String requestId) {
    return add(new Watch(exchange, Optional.of(requestId)));
  }

  private Watch add(Watch watch) {
    watches.add(watch);
    return watch;
  }

  long after(Duration time) {
    return nanoClock.getAsLong() + time.toNanos();
  }

  void look() {
    long now = nanoClock.getAsLong();
    watches.forEach(watch -> watch.look(now));
  }

  /** Aborts the exchange of every request. */
  void stopAll(Bite reason) {
    stop(any -> true, reason);
  }

  /** Aborts the exchanges of requests by their ids. */
  void stop(Predicate<String> requests, Bite reason) {
    for (Watch watch : watches) {
      if (watch.request.filter(requests).isPresent()) {
        watch.abort(reason);
      }
    }
  }
}
