/**
 * Weights that follow the fleet: which share of each source's traffic every engine should get,
 * solved jointly over all of them in the space of engine prices, with a certificate of how far from
 * the optimum they are. {@link io.weir.routing.weights.WeightSolver} is the way in.
 */
package io.weir.routing.weights;
