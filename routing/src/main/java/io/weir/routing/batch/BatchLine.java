package io.weir.routing.batch;

import io.weir.routing.body.ScannedBody;
import java.nio.ByteBuffer;

/**
 * One request of a batch.
 *
 * @param customId its name within the batch
 * @param body byte for byte
 * @param scanned what the body says
 */
public record BatchLine(String customId, ByteBuffer body, ScannedBody scanned) {}
