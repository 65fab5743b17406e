package io.weir.dispatcher;

import io.weir.schemas.members.Heartbeats;
import io.weir.schemas.members.Lease;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a dispatcher from acting after others may have taken it for dead. When its lease lapses,
 * all it took is void: its tenure is over. A new one begins under a higher epoch, once a heartbeat
 * of that epoch is acknowledged.
 */
final class Fence {
  private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

  private final DispatcherMetrics metrics;
  private volatile Optional<Tenure> tenure = Optional.empty();
  private volatile boolean released;

  Fence(DispatcherMetrics metrics) {
    this.metrics = metrics;
  }

  /** The tenure that holds now; empty while nothing may be taken. */
  Optional<Tenure> tenure() {
    return tenure.filter(Tenure::holds);
  }

  /** Sees how the lease stands; to be called every now and then. */
  synchronized void look(Heartbeats heartbeats) {
    if (tenure().isPresent() || released) {
      return;
    }
    Lease lease = heartbeats.lease();
    if (tenure.isPresent()) {
      tenure = Optional.empty();
      metrics.fenced();
      long epoch = heartbeats.renewEpoch();
      LOG.warn(
          "no heartbeat was acknowledged within the lease: all that was taken is left to others;"
              + " next epoch={}",
          epoch);
      return;
    }
    long holding = lease.holding();
    if (lease.isHeldSince(holding)) {
      tenure = Optional.of(new Tenure(heartbeats.epoch(), () -> lease.isHeldSince(holding)));
      LOG.info("requests may be taken epoch={}", heartbeats.epoch());
    }
  }

  /** Ends the tenure in good order: what was taken is left to others, and no new one begins. */
  synchronized void release() {
    released = true;
    tenure.ifPresent(Tenure::end);
    tenure = Optional.empty();
  }
}
