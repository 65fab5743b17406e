package io.weir.routing.telemetry;

import static io.weir.routing.telemetry.Signals.count;
import static io.weir.routing.telemetry.Signals.counter;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Hugging Face's Text Generation Inference. Its time per token is a mean per request; times to the
 * first token and the KV cache it does not tell.
 *
 * @see <a href="https://huggingface.co/docs/text-generation-inference/reference/metrics">TGI:
 *     Metrics</a>
 */
final class TgiMapping implements MetricsMapping {
  @Override
  public boolean recognises(Exposition page) {
    return page.isAnyNamed("tgi_");
  }

  @Override
  public EngineReading read(Exposition page) {
    return new EngineReading(
        count(page.sum("tgi_batch_current_size")),
        count(page.sum("tgi_queue_size")),
        OptionalDouble.empty(),
        counter(OptionalDouble.empty()),
        counter(OptionalDouble.empty()),
        counter(OptionalDouble.empty()),
        counter(page.sum("tgi_request_input_length_sum")),
        counter(page.sum("tgi_request_generated_tokens_sum")),
        counter(page.sum("tgi_request_success")),
        page.histogram("tgi_request_mean_time_per_token_duration"),
        Optional.empty());
  }
}
