package io.weir.ingress.reply;

import io.weir.schemas.ResponseChunk;

/**
 * A chunk and where it lies in the reply partition.
 *
 * @param chunk the chunk
 * @param offset its offset
 */
public record Reply(ResponseChunk chunk, long offset) {}
