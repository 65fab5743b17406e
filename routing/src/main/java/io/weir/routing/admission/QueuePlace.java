package io.weir.routing.admission;

import java.util.OptionalLong;

/**
 * Where a request stands that waits.
 *
 * @param position among those of its class, from 1
 * @param etaMillis until it is begun, if the drain rate is known
 */
public record QueuePlace(long position, OptionalLong etaMillis) {}
