package io.weir.ingress.admission;

import io.weir.schemas.RequestClass;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * A request that asks to be let in.
 *
 * @param model as the client named it
 * @param scannedTokens of the prompt, as its bytes let expect
 * @param outputLimit the client's limit for its answer
 * @param generates false if its answer takes no tokens, such as an embedding's
 * @param stream whether its answer is one of events, whose head tells that it was begun
 * @param expiresIn how long it may take
 */
public record Arrival(
    String id,
    String pool,
    RequestClass requestClass,
    String tenant,
    String model,
    int scannedTokens,
    OptionalInt outputLimit,
    boolean generates,
    boolean stream,
    Duration expiresIn) {}
