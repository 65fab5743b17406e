/**
 * From demand, engines and distances to the weights that are published: what the problem is,
 * whether its answer is worth moving traffic for, and how fast to move. The solver itself is in
 * {@link io.weir.routing.weights}. Everything here is a function of its arguments; memory is an
 * Avro record that the caller keeps.
 */
package io.weir.routing.plan;
