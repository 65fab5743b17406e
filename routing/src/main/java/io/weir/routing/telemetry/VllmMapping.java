package io.weir.routing.telemetry;

import static io.weir.routing.telemetry.Signals.count;
import static io.weir.routing.telemetry.Signals.counter;
import static io.weir.routing.telemetry.Signals.part;

/**
 * vLLM. Names of the V1 engine first, then the older ones for the same; ranks of data parallelism,
 * label {@code engine}, are summed.
 *
 * @see <a href="https://docs.vllm.ai/en/stable/usage/metrics/">vLLM: Production metrics</a>
 * @see <a
 *     href="https://github.com/vllm-project/vllm/blob/main/vllm/v1/metrics/loggers.py">loggers.py</a>
 */
final class VllmMapping implements MetricsMapping {
  @Override
  public boolean recognises(Exposition page) {
    return page.isAnyNamed("vllm_");
  }

  @Override
  public EngineReading read(Exposition page) {
    return new EngineReading(
        count(page.sum("vllm_num_requests_running")),
        count(page.sum("vllm_num_requests_waiting")),
        part(page.mean("vllm_kv_cache_usage_perc", "vllm_gpu_cache_usage_perc")),
        counter(page.sum("vllm_prefix_cache_queries", "vllm_gpu_prefix_cache_queries")),
        counter(page.sum("vllm_prefix_cache_hits", "vllm_gpu_prefix_cache_hits")),
        counter(page.sum("vllm_num_preemptions")),
        counter(page.sum("vllm_prompt_tokens")),
        counter(page.sum("vllm_generation_tokens")),
        counter(page.sum("vllm_request_success")),
        page.histogram("vllm_inter_token_latency_seconds", "vllm_time_per_output_token_seconds"),
        page.histogram("vllm_time_to_first_token_seconds"));
  }
}
