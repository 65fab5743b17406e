/**
 * A simulated inference engine behind the OpenAI API: the timing of {@link
 * io.weir.routing.engine.EngineModel} in real time, vLLM's metrics, network distance and faults.
 */
package io.weir.sim;
