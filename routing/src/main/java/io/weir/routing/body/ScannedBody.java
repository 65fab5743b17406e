package io.weir.routing.body;

import io.weir.schemas.RequestClass;
import java.util.Optional;

/**
 * What Weir needs to know of a request's body.
 *
 * @param model the model's name
 * @param stream whether server-sent events are asked for
 * @param requestClass from the service tier
 * @param promptTokens about a quarter of the text's bytes
 * @param outputTokens the request's own limit times its number of choices, or -1 without a limit
 * @param promptOffset where in the body the JSON value of messages, prompt or input begins, the
 *     first of them if there are several
 * @param promptBytes how long that value is; 0 if there is none
 * @param background whether a response is to be made while nobody waits for it
 * @param engineState a field that names what only one engine remembers, such as an earlier response
 */
public record ScannedBody(
    String model,
    boolean stream,
    RequestClass requestClass,
    int promptTokens,
    int outputTokens,
    int promptOffset,
    int promptBytes,
    boolean background,
    Optional<String> engineState) {}
