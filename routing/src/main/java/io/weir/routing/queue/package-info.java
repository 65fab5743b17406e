/** Requests between their lane and an engine: ready queues, their room, and commit positions. */
package io.weir.routing.queue;
