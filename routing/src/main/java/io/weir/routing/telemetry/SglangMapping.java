package io.weir.routing.telemetry;

import static io.weir.routing.telemetry.Signals.count;
import static io.weir.routing.telemetry.Signals.counter;
import static io.weir.routing.telemetry.Signals.part;

/**
 * SGLang, started with {@code --enable-metrics}. Every tensor-parallel rank may report the same
 * requests, so only the first counts; ranks of data parallelism are summed. All prompt tokens are
 * looked up in the radix cache.
 *
 * @see <a href="https://docs.sglang.io/references/production_metrics.html">SGLang: Production
 *     metrics</a>
 * @see <a
 *     href="https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/observability/metrics_collector.py">metrics_collector.py</a>
 */
final class SglangMapping implements MetricsMapping {
  @Override
  public boolean recognises(Exposition page) {
    return page.isAnyNamed("sglang_");
  }

  @Override
  public EngineReading read(Exposition every) {
    Exposition page = every.where("tp_rank", "0");
    return new EngineReading(
        count(page.sum("sglang_num_running_reqs")),
        count(page.sum("sglang_num_queue_reqs")),
        part(page.mean("sglang_token_usage")),
        counter(page.sum("sglang_prompt_tokens")),
        counter(page.sum("sglang_cached_tokens")),
        counter(page.sum("sglang_num_retracted_requests")),
        counter(page.sum("sglang_prompt_tokens")),
        counter(page.sum("sglang_generation_tokens")),
        counter(page.sum("sglang_num_requests")),
        page.histogram(
            "sglang_inter_token_latency_seconds", "sglang_time_per_output_token_seconds"),
        page.histogram("sglang_time_to_first_token_seconds"));
  }
}
