package io.weir.embedded;

import java.util.concurrent.CompletableFuture;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when Kafka finds itself in a state it cannot go on from. A broker of its own halts
 * the process; this one shares it, so it says so and leaves the rest to its owner.
 */
final class BrokerFaults implements FaultHandlerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerFaults.class);

  private final CompletableFuture<Throwable> first = new CompletableFuture<>();

  /** Completes with the first fault that the broker cannot go on from. */
  CompletableFuture<Throwable> first() {
    return first;
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    return (message, cause) -> {
      LOG.error("embedded broker fault where={} fatal={} message={}", name, fatal, message, cause);
      FaultHandlerException fault = new FaultHandlerException(name + ": " + message, cause);
      action.run();
      if (fatal) {
        first.complete(cause == null ? fault : cause);
      }
      return fault;
    };
  }
}
