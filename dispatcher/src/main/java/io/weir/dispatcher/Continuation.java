package io.weir.dispatcher;

import io.weir.schemas.Continues;
import java.nio.ByteBuffer;

/**
 * Text of earlier attempts, which an answer is to go on from.
 *
 * @param from what the next attempt has to say that it goes on from
 * @param text body bytes of the answer so far: of a stream, whole events
 */
record Continuation(Continues from, ByteBuffer text) {}
