package io.weir.sim;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineSignals;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** vLLM's metrics (V1 engine, 0.11) in Prometheus' text format, with vLLM's buckets. */
final class EngineMetrics {
  private static final double[] TTFT = {
    .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
    2560
  };
  private static final double[] ITL = {
    .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };
  private static final double[] REQUEST = {
    .3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
  };
  private static final double[] TOKENS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000
  };

  private final String labels;
  private final EngineProfile profile;
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder generationTokens = new LongAdder();
  private final Map<String, LongAdder> finished = new TreeMap<>();
  private final Histogram ttft =
      Histogram.ofSeconds(
          "vllm:time_to_first_token_seconds", "Histogram of time to first token in seconds.", TTFT);
  private final Histogram itl =
      Histogram.ofSeconds(
          "vllm:inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", ITL);

  /** The older name of the same, which many scrapers still read. */
  private final Histogram gaps =
      Histogram.ofSeconds(
          "vllm:time_per_output_token_seconds",
          "Histogram of time per output token in seconds. DEPRECATED: Use"
              + " vllm:inter_token_latency_seconds instead.",
          ITL);

  private final Histogram tpot =
      Histogram.ofSeconds(
          "vllm:request_time_per_output_token_seconds",
          "Histogram of time_per_output_token_seconds per request.",
          ITL);
  private final Histogram latency =
      Histogram.ofSeconds(
          "vllm:e2e_request_latency_seconds",
          "Histogram of e2e request latency in seconds.",
          REQUEST);
  private final Histogram prompts =
      Histogram.ofTokens(
          "vllm:request_prompt_tokens", "Number of prefill tokens processed.", TOKENS);
  private final Histogram answers =
      Histogram.ofTokens(
          "vllm:request_generation_tokens", "Number of generation tokens processed.", TOKENS);

  EngineMetrics(String model, EngineProfile profile) {
    this.profile = profile;
    labels =
        "engine=\"0\",model_name=\""
            + model.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
            + "\"";
    List.of("abort", "error", "length", "stop").forEach(r -> finished.put(r, new LongAdder()));
  }

  void firstToken(Generation generation, long now) {
    ttft.record(now - generation.submittedNanos);
    promptTokens.add(generation.work.promptTokens());
    generationTokens.increment();
  }

  void nextToken(long gapNanos) {
    itl.record(gapNanos);
    gaps.record(gapNanos);
    generationTokens.increment();
  }

  void answered(Generation generation, long now) {
    int tokens = generation.work.outputTokens();
    latency.record(now - generation.submittedNanos);
    if (tokens > 1) {
      tpot.record((now - generation.firstNanos) / (tokens - 1));
    }
    prompts.record(generation.work.promptTokens());
    answers.record(tokens);
  }

  /** An answer that took no time. */
  void instant(int prompt, int tokens) {
    promptTokens.add(prompt);
    generationTokens.add(tokens);
    prompts.record(prompt);
    answers.record(tokens);
  }

  void finished(String reason) {
    finished.get(reason).increment();
  }

  String render(EngineSignals now) {
    StringBuilder out = new StringBuilder(16_384);
    gauge(
        out,
        "vllm:num_requests_running",
        "Number of requests in model execution batches.",
        now.running());
    gauge(
        out,
        "vllm:num_requests_waiting",
        "Number of requests waiting to be processed.",
        now.waiting());
    gauge(
        out,
        "vllm:kv_cache_usage_perc",
        "KV-cache usage. 1 means 100 percent usage.",
        now.kvUsage());
    counter(
        out,
        "vllm:prefix_cache_queries_total",
        "Prefix cache queries, in terms of number of queried tokens.",
        now.prefixQueries());
    counter(
        out,
        "vllm:prefix_cache_hits_total",
        "Prefix cache hits, in terms of number of cached tokens.",
        now.prefixHits());
    counter(
        out,
        "vllm:num_preemptions_total",
        "Cumulative number of preemption from the engine.",
        now.preemptions());
    counter(
        out, "vllm:prompt_tokens_total", "Number of prefill tokens processed.", promptTokens.sum());
    counter(
        out,
        "vllm:generation_tokens_total",
        "Number of generation tokens processed.",
        generationTokens.sum());
    head(out, "vllm:request_success_total", "Count of successfully processed requests.", "counter");
    finished.forEach(
        (reason, count) ->
            sample(
                out,
                "vllm:request_success_total",
                labels + ",finished_reason=\"" + reason + "\"",
                (double) count.sum()));
    for (Histogram histogram : List.of(ttft, itl, gaps, tpot, latency, prompts, answers)) {
      histogram.write(out, labels);
    }
    head(out, "vllm:cache_config_info", "Information of the LLMEngine CacheConfig", "gauge");
    sample(
        out,
        "vllm:cache_config_info",
        "block_size=\""
            + profile.blockSize()
            + "\",enable_prefix_caching=\"True\",engine=\"0\",num_gpu_blocks=\""
            + profile.kvBlocks()
            + "\"",
        1);
    return out.toString();
  }

  private void gauge(StringBuilder out, String name, String help, double value) {
    head(out, name, help, "gauge");
    sample(out, name, labels, value);
  }

  private void counter(StringBuilder out, String name, String help, long value) {
    head(out, name, help, "counter");
    sample(out, name, labels, (double) value);
  }

  private static void head(StringBuilder out, String name, String help, String type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void sample(StringBuilder out, String name, String labels, double value) {
    out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }
}
