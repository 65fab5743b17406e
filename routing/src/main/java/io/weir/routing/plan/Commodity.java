package io.weir.routing.plan;

import io.weir.routing.engine.RequestShape;
import io.weir.schemas.RequestClass;

/**
 * The traffic of one source and class, as it is planned.
 *
 * @param source index in the inputs
 * @param rate requests per second planned for, burst included
 * @param shape mean request
 * @param cachedTokens part of the prompt an engine with warm caches has
 */
record Commodity(
    int source, RequestClass requestClass, double rate, RequestShape shape, double cachedTokens) {
  /** The mean request on an engine whose caches are this warm, 0 to 1. */
  RequestShape shape(double warmth) {
    return new RequestShape(shape.promptTokens(), cachedTokens * warmth, shape.outputTokens());
  }
}
