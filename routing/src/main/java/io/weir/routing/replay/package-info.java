/**
 * Replays traces in virtual time: the engine model, the weight solver and the engine picker that
 * serve live traffic, against a fleet of simulated engines, with other policies side by side. Pure
 * and deterministic by seed.
 */
package io.weir.routing.replay;
