package io.weir.routing.limit;

/**
 * How a tenant stands with one of its limits per minute, as far as this instance knows.
 *
 * @param limit per minute
 * @param remaining what may be used at once now
 * @param resetNanos until nothing of what was used counts any more
 */
public record RateStanding(long limit, long remaining, long resetNanos) {}
