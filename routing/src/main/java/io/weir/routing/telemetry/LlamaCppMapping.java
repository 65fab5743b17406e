package io.weir.routing.telemetry;

import static io.weir.routing.telemetry.Signals.count;
import static io.weir.routing.telemetry.Signals.counter;
import static io.weir.routing.telemetry.Signals.part;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * llama.cpp's server, started with {@code --metrics}. It counts tokens and the seconds they took;
 * times to the first token it does not tell, and the KV cache only in older versions.
 *
 * @see <a
 *     href="https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md#get-metrics-prometheus-compatible-metrics-exporter">llama.cpp
 *     server: GET /metrics</a>
 */
final class LlamaCppMapping implements MetricsMapping {
  @Override
  public boolean recognises(Exposition page) {
    return page.isAnyNamed("llamacpp_");
  }

  @Override
  public EngineReading read(Exposition page) {
    return new EngineReading(
        count(page.sum("llamacpp_requests_processing")),
        count(page.sum("llamacpp_requests_deferred")),
        part(page.mean("llamacpp_kv_cache_usage_ratio")),
        counter(OptionalDouble.empty()),
        counter(OptionalDouble.empty()),
        counter(OptionalDouble.empty()),
        counter(page.sum("llamacpp_prompt_tokens")),
        counter(page.sum("llamacpp_tokens_predicted")),
        counter(OptionalDouble.empty()),
        page.ratio("llamacpp_tokens_predicted_seconds", "llamacpp_tokens_predicted"),
        Optional.empty());
  }
}
