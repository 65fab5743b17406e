package io.weir.dispatcher;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A request that cannot go where there is room, since it failed there: another engine is full, and
 * will not be for ever.
 *
 * @param chargedTokens what its tenant was charged for it already
 * @param runner whoever waits for an engine for it; without one it is placed like any other
 */
record Waiting(
    Held held,
    Need need,
    double chargedTokens,
    Optional<CompletableFuture<Placement.Run>> runner) {}
