/**
 * Idempotency keys: which request each of them stands for, in one topic that every ingress has read
 * all of.
 */
package io.weir.ingress.idempotency;
