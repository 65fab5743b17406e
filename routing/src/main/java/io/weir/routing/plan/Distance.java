package io.weir.routing.plan;

/**
 * The way from a source to an engine.
 *
 * @param rttSeconds round trip
 * @param egressPerGb US dollars per GB of answer
 * @param basis how the round trip is known
 */
public record Distance(double rttSeconds, double egressPerGb, Basis basis) {
  /** How a round trip is known. */
  public enum Basis {
    /** A dispatcher measured it a short while ago. */
    MEASURED,
    /** A dispatcher measured it, but long ago; the configured one is used. */
    OUTDATED,
    /** From the configuration of the two regions. */
    CONFIGURED,
    /** Both lie in one region. */
    LOCAL,
    /** Nothing is known; a default is assumed. */
    UNKNOWN
  }
}
