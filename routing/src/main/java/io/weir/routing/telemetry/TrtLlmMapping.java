package io.weir.routing.telemetry;

import static io.weir.routing.telemetry.Signals.count;
import static io.weir.routing.telemetry.Signals.counter;
import static io.weir.routing.telemetry.Signals.part;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * TensorRT-LLM, served by {@code trtllm-serve} (page {@code /prometheus/metrics}) or by Triton
 * (port 8002). Triton's gauges tell their meaning by a label; its time to the first response is in
 * milliseconds, and it tells no time per token.
 *
 * @see <a
 *     href="https://github.com/NVIDIA/TensorRT-LLM/blob/main/tensorrt_llm/metrics/collector.py">TensorRT-LLM:
 *     collector.py</a>
 * @see <a
 *     href="https://github.com/triton-inference-server/tensorrtllm_backend#triton-metrics">Triton:
 *     TensorRT-LLM backend, metrics</a>
 */
final class TrtLlmMapping implements MetricsMapping {
  private static final String REQUESTS = "nv_trt_llm_request_metrics";
  private static final String BLOCKS = "nv_trt_llm_kv_cache_block_metrics";
  private static final String BATCHER = "nv_trt_llm_inflight_batcher_metrics";

  @Override
  public boolean recognises(Exposition page) {
    return page.isAnyNamed("trtllm_") || page.isAnyNamed("nv_trt_llm_");
  }

  @Override
  public EngineReading read(Exposition page) {
    return page.isAnyNamed("nv_trt_llm_") ? triton(page) : serve(page);
  }

  private static EngineReading serve(Exposition page) {
    OptionalDouble cachedTokens = page.sum("trtllm_prompt_cached_tokens");
    OptionalDouble reused = page.sum("trtllm_kv_cache_reused_blocks");
    return new EngineReading(
        count(page.sum("trtllm_num_requests_running")),
        count(page.sum("trtllm_num_requests_waiting")),
        part(page.mean("trtllm_kv_cache_utilization")),
        counter(
            cachedTokens.isPresent()
                ? page.sum("trtllm_prompt_tokens")
                : plus(reused, page.sum("trtllm_kv_cache_missed_blocks"))),
        counter(cachedTokens.isPresent() ? cachedTokens : reused),
        counter(OptionalDouble.empty()),
        counter(page.sum("trtllm_prompt_tokens")),
        counter(page.sum("trtllm_generation_tokens")),
        counter(page.sum("trtllm_request_success", "trtllm_num_requests_completed")),
        page.histogram("trtllm_time_per_output_token_seconds"),
        page.histogram("trtllm_time_to_first_token_seconds"));
  }

  private static EngineReading triton(Exposition page) {
    return new EngineReading(
        count(page.labelled(REQUESTS, "request_type", "scheduled")),
        count(tritonWaiting(page)),
        part(tritonKvUsage(page)),
        counter(OptionalDouble.empty()),
        counter(OptionalDouble.empty()),
        // A gauge of those paused now: no counter of preemptions can be made of it.
        counter(OptionalDouble.empty()),
        counter(page.sum("nv_llm_input_token_len_sum")),
        counter(page.sum("nv_llm_output_token_len_sum")),
        counter(page.sum("nv_inference_request_success")),
        Optional.empty(),
        page.histogram("nv_inference_first_response_histogram_ms")
            .map(millis -> new Cumulative(millis.seconds() / 1000, millis.count())));
  }

  /** What is waiting or paused; older versions tell only what is active beyond the scheduled. */
  private static OptionalDouble tritonWaiting(Exposition page) {
    OptionalDouble waiting = page.labelled(REQUESTS, "request_type", "waiting");
    if (waiting.isPresent()) {
      return plus(
          waiting,
          OptionalDouble.of(
              page.labelled(BATCHER, "inflight_batcher_specific_metric", "paused_requests")
                  .orElse(0)));
    }
    OptionalDouble active = page.labelled(REQUESTS, "request_type", "active");
    double scheduled = page.labelled(REQUESTS, "request_type", "scheduled").orElse(0);
    return active.isPresent()
        ? OptionalDouble.of(Math.max(0, active.getAsDouble() - scheduled))
        : OptionalDouble.empty();
  }

  private static OptionalDouble tritonKvUsage(Exposition page) {
    OptionalDouble used = page.labelled(BLOCKS, "kv_cache_block_type", "used");
    OptionalDouble max = page.labelled(BLOCKS, "kv_cache_block_type", "max");
    return max.orElse(0) > 0 && used.isPresent()
        ? OptionalDouble.of(used.getAsDouble() / max.getAsDouble())
        : page.labelled(BLOCKS, "kv_cache_block_type", "fraction");
  }

  private static OptionalDouble plus(OptionalDouble a, OptionalDouble b) {
    return a.isPresent() && b.isPresent()
        ? OptionalDouble.of(a.getAsDouble() + b.getAsDouble())
        : OptionalDouble.empty();
  }
}
