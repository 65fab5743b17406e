package io.weir.launcher.chaos;

/**
 * Which ways of asking the ingresses offer.
 *
 * @param async requests that are answered later, and are found by their id
 * @param keys {@code Idempotency-Key}, and with it streams that go on elsewhere
 * @param batches files and batches
 */
record Offer(boolean async, boolean keys, boolean batches) {}
