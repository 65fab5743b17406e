package io.weir.dispatcher;

import io.weir.routing.fleet.PickPolicy;
import io.weir.routing.pick.PickRequest;
import io.weir.routing.prefix.PromptBlocks;
import io.weir.schemas.InferenceRequest;
import java.nio.ByteBuffer;

/** Makes of requests what the choice of an engine needs to know of them. */
final class PickRequests {
  private final boolean byPrompt;

  /** For one policy: prompts are hashed only where it looks at them. */
  PickRequests(PickPolicy policy) {
    this.byPrompt = policy == PickPolicy.LEAST_COST;
  }

  PickRequest of(InferenceRequest request) {
    String affinity = request.getAffinity().isEmpty() ? request.getId() : request.getAffinity();
    return new PickRequest(
        affinity,
        byPrompt ? blocks(request) : PromptBlocks.NONE,
        Math.max(0, request.getPromptTokens()),
        Math.max(0, request.getOutputTokens()));
  }

  private static PromptBlocks blocks(InferenceRequest request) {
    ByteBuffer body = request.getBody();
    int offset = request.getPromptOffset();
    int bytes = request.getPromptBytes();
    // Whoever wrote the record may have been wrong about it.
    boolean within = offset >= 0 && bytes > 0 && offset <= body.remaining() - bytes;
    return within && body.hasArray()
        ? PromptBlocks.of(body.array(), body.arrayOffset() + body.position() + offset, bytes)
        : PromptBlocks.NONE;
  }
}
