package io.weir.routing.fleet;

import io.weir.routing.config.ConfigException;
import java.time.Duration;
import java.util.Optional;

/**
 * The way between two regions. It is taken both ways, unless the other way has a link of its own.
 *
 * @param from a source's region
 * @param to an engine's region
 * @param rtt round trip between them; the built-in table's where none is given
 * @param egressPerGb US dollars per GB of answers sent from {@code to} back to {@code from}; the
 *     clouds' list price where none is given
 */
public record RegionLink(
    String from, String to, Optional<Duration> rtt, Optional<Double> egressPerGb) {
  public RegionLink {
    if (from.isBlank() || to.isBlank()) {
      throw new ConfigException(from.isBlank() ? "from" : "to", "must not be blank");
    }
    if (rtt.isPresent() && rtt.get().isNegative()) {
      throw new ConfigException("rtt", "must not be negative");
    }
    if (egressPerGb.isPresent() && egressPerGb.get() < 0) {
      throw new ConfigException("egress-per-gb", "must not be negative, is " + egressPerGb.get());
    }
  }
}
