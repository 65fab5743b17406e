/**
 * A model of an inference engine: continuous batching in iterations, a block KV cache with prefix
 * reuse, and the text a simulated engine answers with. Pure: virtual time comes in as nanoseconds.
 */
package io.weir.routing.engine;
