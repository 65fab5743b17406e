package io.weir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_:0-9]+)\\{(.*)\\} ([0-9.E+-]+|\\+Inf)");

  @Test
  void vllmNamesCountWhatHappened() throws Exception {
    try (EngineServer server = EngineClient.start(Map.of("speed", "50"));
        EngineClient client = new EngineClient(server)) {
      // Given two answers to one prompt of 101 tokens, six full blocks of which are cached then
      String body = EngineClient.chat("abcd".repeat(101), ",\"max_tokens\":10");
      client.post("/v1/chat/completions", body);
      client.post("/v1/chat/completions", body);
      client.post("/v1/completions", "{\"model\":\"llama-3-8b\",\"prompt\":\"x\"}");

      // When
      Map<String, Double> metrics = scrape(client);

      // Then
      assertThat(metrics)
          .containsEntry("vllm:num_requests_running", 0.0)
          .containsEntry("vllm:num_requests_waiting", 0.0)
          .containsEntry("vllm:kv_cache_usage_perc", 0.0)
          .containsEntry("vllm:prefix_cache_queries_total", 203.0)
          .containsEntry("vllm:prefix_cache_hits_total", 96.0)
          .containsEntry("vllm:num_preemptions_total", 0.0)
          .containsEntry("vllm:prompt_tokens_total", 203.0)
          .containsEntry("vllm:generation_tokens_total", 148.0)
          .containsEntry("vllm:request_success_total,length", 2.0)
          .containsEntry("vllm:request_success_total,stop", 1.0)
          .containsEntry("vllm:request_success_total,abort", 0.0)
          .containsEntry("vllm:time_to_first_token_seconds_count", 3.0)
          .containsEntry("vllm:inter_token_latency_seconds_count", 145.0)
          .containsEntry("vllm:time_per_output_token_seconds_count", 145.0)
          .containsEntry("vllm:e2e_request_latency_seconds_bucket", 3.0)
          .containsEntry("vllm:request_prompt_tokens_sum", 203.0)
          .containsEntry("vllm:request_generation_tokens_sum", 148.0);
      assertThat(metrics.get("vllm:time_to_first_token_seconds_sum")).isPositive();
    }
  }

  @Test
  void instantAnswersAreCountedToo() throws Exception {
    try (EngineServer server = EngineClient.start(Map.of("timing", "instant"));
        EngineClient client = new EngineClient(server)) {
      client.post("/v1/chat/completions", EngineClient.chat("abcd", ",\"max_tokens\":10"));

      assertThat(scrape(client))
          .containsEntry("vllm:prompt_tokens_total", 1.0)
          .containsEntry("vllm:generation_tokens_total", 10.0)
          .containsEntry("vllm:request_success_total,length", 1.0);
    }
  }

  /** Values by name, and finish reason where there is one; of buckets the last. */
  private static Map<String, Double> scrape(EngineClient client) throws Exception {
    Map<String, Double> metrics = new HashMap<>();
    for (String line : client.get("/metrics").body().lines().toList()) {
      if (!line.startsWith("#")) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        Matcher reason = Pattern.compile("finished_reason=\"(\\w+)\"").matcher(sample.group(2));
        String name = sample.group(1) + (reason.find() ? "," + reason.group(1) : "");
        assertThat(sample.group(2)).contains("engine=\"0\"");
        metrics.put(name, Double.parseDouble(sample.group(3)));
      }
    }
    return metrics;
  }
}
