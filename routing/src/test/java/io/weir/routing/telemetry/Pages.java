package io.weir.routing.telemetry;

/** Metrics pages as the engines' documents and sources name them. */
final class Pages {
  private Pages() {}

  static final String VLLM =
      """
      # HELP vllm:num_requests_running Number of requests in model execution batches.
      # TYPE vllm:num_requests_running gauge
      vllm:num_requests_running{engine="0",model_name="meta-llama/Llama-3.1-8B"} 7.0
      vllm:num_requests_running{engine="1",model_name="meta-llama/Llama-3.1-8B"} 5.0
      # TYPE vllm:num_requests_waiting gauge
      vllm:num_requests_waiting{engine="0",model_name="meta-llama/Llama-3.1-8B"} 2.0
      vllm:num_requests_waiting{engine="1",model_name="meta-llama/Llama-3.1-8B"} 1.0
      # TYPE vllm:kv_cache_usage_perc gauge
      vllm:kv_cache_usage_perc{engine="0",model_name="meta-llama/Llama-3.1-8B"} 0.5
      vllm:kv_cache_usage_perc{engine="1",model_name="meta-llama/Llama-3.1-8B"} 0.25
      # TYPE vllm:prefix_cache_queries_total counter
      vllm:prefix_cache_queries_total{engine="0",model_name="meta-llama/Llama-3.1-8B"} 1000.0
      vllm:prefix_cache_queries_created{engine="0",model_name="meta-llama/Llama-3.1-8B"} 1.75e+09
      vllm:prefix_cache_hits_total{engine="0",model_name="meta-llama/Llama-3.1-8B"} 250.0
      vllm:num_preemptions_total{engine="0",model_name="meta-llama/Llama-3.1-8B"} 3.0
      vllm:prompt_tokens_total{engine="0",model_name="meta-llama/Llama-3.1-8B"} 1.234567e+06
      vllm:generation_tokens_total{engine="0",model_name="meta-llama/Llama-3.1-8B"} 98765.0
      vllm:request_success_total{engine="0",finished_reason="stop",model_name="x"} 40.0
      vllm:request_success_total{engine="0",finished_reason="length",model_name="x"} 2.0
      vllm:request_success_total{engine="0",finished_reason="abort",model_name="x"} 0.0
      # TYPE vllm:time_to_first_token_seconds histogram
      vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="x"} 0.0
      vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="x"} 42.0
      vllm:time_to_first_token_seconds_count{engine="0",model_name="x"} 42.0
      vllm:time_to_first_token_seconds_sum{engine="0",model_name="x"} 4.2
      # TYPE vllm:inter_token_latency_seconds histogram
      vllm:inter_token_latency_seconds_bucket{engine="0",le="+Inf",model_name="x"} 1000.0
      vllm:inter_token_latency_seconds_count{engine="0",model_name="x"} 1000.0
      vllm:inter_token_latency_seconds_sum{engine="0",model_name="x"} 20.0
      # TYPE vllm:time_per_output_token_seconds histogram
      vllm:time_per_output_token_seconds_count{engine="0",model_name="x"} 1.0
      vllm:time_per_output_token_seconds_sum{engine="0",model_name="x"} 99.0
      # TYPE python_gc_objects_collected_total counter
      python_gc_objects_collected_total{generation="0"} 8494.0
      """;

  /** Names that were in use before vLLM 0.10. */
  static final String OLD_VLLM =
      """
      vllm:num_requests_running{model_name="m"} 1.0
      vllm:num_requests_waiting{model_name="m"} 0.0
      vllm:gpu_cache_usage_perc{model_name="m"} 0.125
      vllm:gpu_prefix_cache_queries_total{model_name="m"} 8.0
      vllm:gpu_prefix_cache_hits_total{model_name="m"} 4.0
      vllm:time_per_output_token_seconds_count{model_name="m"} 10.0
      vllm:time_per_output_token_seconds_sum{model_name="m"} 0.5
      """;

  static final String SGLANG =
      """
      # HELP sglang:prompt_tokens_total Number of prefill tokens processed.
      # TYPE sglang:prompt_tokens_total counter
      sglang:prompt_tokens_total{model_name="meta-llama/Llama-3.1-8B-Instruct"} 8.128902e+06
      sglang:generation_tokens_total{model_name="meta-llama/Llama-3.1-8B-Instruct"} 7.557572e+06
      sglang:cached_tokens_total{cache_source="device",model_name="meta-llama/Llama-3.1-8B-Instruct"} 60000.0
      sglang:cached_tokens_total{cache_source="host",model_name="meta-llama/Llama-3.1-8B-Instruct"} 1000.0
      sglang:num_requests_total{model_name="meta-llama/Llama-3.1-8B-Instruct"} 4321.0
      # TYPE sglang:token_usage gauge
      sglang:token_usage{dp_rank="0",model_name="meta-llama/Llama-3.1-8B-Instruct",tp_rank="0"} 0.28
      sglang:token_usage{dp_rank="1",model_name="meta-llama/Llama-3.1-8B-Instruct",tp_rank="0"} 0.32
      sglang:num_running_reqs{dp_rank="0",model_name="m",tp_rank="0"} 160.0
      sglang:num_running_reqs{dp_rank="0",model_name="m",tp_rank="1"} 160.0
      sglang:num_running_reqs{dp_rank="1",model_name="m",tp_rank="0"} 2.0
      sglang:num_queue_reqs{dp_rank="0",model_name="m",tp_rank="0"} 2826.0
      sglang:num_queue_reqs{dp_rank="0",model_name="m",tp_rank="1"} 2826.0
      sglang:cache_hit_rate{model_name="m"} 0.0075
      sglang:num_retracted_requests_total{model_name="m"} 5.0
      sglang:time_to_first_token_seconds_sum{model_name="m"} 2351.8
      sglang:time_to_first_token_seconds_count{model_name="m"} 11008.0
      sglang:inter_token_latency_seconds_sum{model_name="m"} 866964.57
      sglang:inter_token_latency_seconds_count{model_name="m"} 7.400757e+06
      """;

  static final String TRTLLM_SERVE =
      """
      # HELP trtllm_request_success_total Count of successfully processed requests.
      # TYPE trtllm_request_success_total counter
      trtllm_request_success_total{engine_type="trtllm",finished_reason="length",model_name="m"} 11.0
      trtllm_num_requests_running{engine_type="trtllm",model_name="m"} 6.0
      trtllm_num_requests_waiting{engine_type="trtllm",model_name="m"} 4.0
      trtllm_kv_cache_utilization{engine_type="trtllm",model_name="m"} 0.75
      trtllm_kv_cache_hit_rate{engine_type="trtllm",model_name="m"} 0.4
      trtllm_kv_cache_reused_blocks_total{engine_type="trtllm",model_name="m"} 40.0
      trtllm_kv_cache_missed_blocks_total{engine_type="trtllm",model_name="m"} 60.0
      trtllm_prompt_tokens_total{engine_type="trtllm",model_name="m"} 5000.0
      trtllm_generation_tokens_total{engine_type="trtllm",model_name="m"} 700.0
      trtllm_time_to_first_token_seconds_sum{engine_type="trtllm",model_name="m"} 1.5
      trtllm_time_to_first_token_seconds_count{engine_type="trtllm",model_name="m"} 11.0
      trtllm_time_per_output_token_seconds_sum{engine_type="trtllm",model_name="m"} 0.22
      trtllm_time_per_output_token_seconds_count{engine_type="trtllm",model_name="m"} 11.0
      """;

  static final String TRITON =
      """
      # HELP nv_inference_request_success Number of successful inference requests
      # TYPE nv_inference_request_success counter
      nv_inference_request_success{model="ensemble",version="1"} 17
      # HELP nv_trt_llm_request_metrics TRT LLM request metrics
      # TYPE nv_trt_llm_request_metrics gauge
      nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="waiting",version="1"} 9
      nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="context",version="1"} 1
      nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="scheduled",version="1"} 5
      nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="max",version="1"} 512
      nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="active",version="1"} 6
      nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="tensorrt_llm",version="1"} 0.4875
      nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per",model="tensorrt_llm",version="1"} 64
      nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",model="tensorrt_llm",version="1"} 1560
      nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="free",model="tensorrt_llm",version="1"} 4680
      nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="tensorrt_llm",version="1"} 6240
      nv_trt_llm_inflight_batcher_metrics{inflight_batcher_specific_metric="paused_requests",model="tensorrt_llm",version="1"} 1
      nv_trt_llm_inflight_batcher_metrics{inflight_batcher_specific_metric="generation_requests",model="tensorrt_llm",version="1"} 4
      nv_llm_input_token_len_sum{model="tensorrt_llm",version="1"} 2048
      nv_llm_output_token_len_sum{model="tensorrt_llm",version="1"} 512
      nv_inference_first_response_histogram_ms_count{model="tensorrt_llm",version="1"} 10
      nv_inference_first_response_histogram_ms_sum{model="tensorrt_llm",version="1"} 2500
      """;

  static final String LLAMA_CPP =
      """
      # HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.
      # TYPE llamacpp:prompt_tokens_total counter
      llamacpp:prompt_tokens_total 512
      # HELP llamacpp:prompt_seconds_total Prompt process time
      # TYPE llamacpp:prompt_seconds_total counter
      llamacpp:prompt_seconds_total 1.25
      # HELP llamacpp:tokens_predicted_total Number of generation tokens processed.
      # TYPE llamacpp:tokens_predicted_total counter
      llamacpp:tokens_predicted_total 1000
      # HELP llamacpp:tokens_predicted_seconds_total Predict process time
      # TYPE llamacpp:tokens_predicted_seconds_total counter
      llamacpp:tokens_predicted_seconds_total 20
      # HELP llamacpp:predicted_tokens_seconds Average generation throughput in tokens/s.
      # TYPE llamacpp:predicted_tokens_seconds gauge
      llamacpp:predicted_tokens_seconds nan
      # HELP llamacpp:requests_processing Number of requests processing.
      # TYPE llamacpp:requests_processing gauge
      llamacpp:requests_processing 4
      # HELP llamacpp:requests_deferred Number of requests deferred.
      # TYPE llamacpp:requests_deferred gauge
      llamacpp:requests_deferred 46
      llamacpp:n_decode_total 990
      llamacpp:n_busy_slots_per_decode 3.87
      """;

  static final String TGI =
      """
      # TYPE tgi_request_success counter
      tgi_request_success{method="batch"} 900
      # TYPE tgi_batch_current_size gauge
      tgi_batch_current_size 8
      # TYPE tgi_queue_size gauge
      tgi_queue_size 3
      # TYPE tgi_request_generated_tokens histogram
      tgi_request_generated_tokens_bucket{le="+Inf"} 900
      tgi_request_generated_tokens_sum 180000
      tgi_request_generated_tokens_count 900
      tgi_request_input_length_sum 450000
      tgi_request_input_length_count 900
      tgi_request_mean_time_per_token_duration_bucket{le="0.01"} 100
      tgi_request_mean_time_per_token_duration_sum 18
      tgi_request_mean_time_per_token_duration_count 900
      """;
}
