package io.weir.routing.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.schemas.MetricsDialect;
import org.junit.jupiter.api.Test;

class EngineMetricsTest {
  @Test
  void vllm() {
    EngineReading vllm = read(MetricsDialect.VLLM, Pages.VLLM);

    assertThat(vllm.running()).hasValue(12);
    assertThat(vllm.waiting()).hasValue(3);
    assertThat(vllm.kvUsage()).hasValue(0.375);
    assertThat(vllm.prefixQueries()).hasValue(1000);
    assertThat(vllm.prefixHits()).hasValue(250);
    assertThat(vllm.preemptions()).hasValue(3);
    assertThat(vllm.promptTokens()).hasValue(1_234_567);
    assertThat(vllm.generationTokens()).hasValue(98_765);
    assertThat(vllm.requests()).hasValue(42);
    assertThat(vllm.tokenTime()).contains(new Cumulative(20, 1000));
    assertThat(vllm.firstTokenTime()).contains(new Cumulative(4.2, 42));
  }

  @Test
  void vllmByItsOlderNames() {
    EngineReading vllm = read(MetricsDialect.VLLM, Pages.OLD_VLLM);

    assertThat(vllm.kvUsage()).hasValue(0.125);
    assertThat(vllm.prefixQueries()).hasValue(8);
    assertThat(vllm.prefixHits()).hasValue(4);
    assertThat(vllm.tokenTime()).contains(new Cumulative(0.5, 10));
    assertThat(vllm.firstTokenTime()).isEmpty();
    assertThat(vllm.preemptions()).isEmpty();
  }

  @Test
  void sglangCountsEveryRequestOnce() {
    EngineReading sglang = read(MetricsDialect.SGLANG, Pages.SGLANG);

    assertThat(sglang.running()).hasValue(162);
    assertThat(sglang.waiting()).hasValue(2826);
    assertThat(sglang.kvUsage().orElseThrow()).isCloseTo(0.30, within(1e-9));
    assertThat(sglang.prefixQueries()).hasValue(8_128_902);
    assertThat(sglang.prefixHits()).hasValue(61_000);
    assertThat(sglang.preemptions()).hasValue(5);
    assertThat(sglang.generationTokens()).hasValue(7_557_572);
    assertThat(sglang.requests()).hasValue(4321);
    assertThat(sglang.tokenTime()).contains(new Cumulative(866964.57, 7_400_757));
    assertThat(sglang.firstTokenTime()).contains(new Cumulative(2351.8, 11_008));
  }

  @Test
  void tensorRtLlmServedByItself() {
    EngineReading trt = read(MetricsDialect.TRT_LLM, Pages.TRTLLM_SERVE);

    assertThat(trt.running()).hasValue(6);
    assertThat(trt.waiting()).hasValue(4);
    assertThat(trt.kvUsage()).hasValue(0.75);
    assertThat(trt.prefixQueries()).hasValue(100);
    assertThat(trt.prefixHits()).hasValue(40);
    assertThat(trt.promptTokens()).hasValue(5000);
    assertThat(trt.generationTokens()).hasValue(700);
    assertThat(trt.requests()).hasValue(11);
    assertThat(trt.tokenTime()).contains(new Cumulative(0.22, 11));
    assertThat(trt.firstTokenTime()).contains(new Cumulative(1.5, 11));
  }

  @Test
  void tensorRtLlmServedByTriton() {
    EngineReading triton = read(MetricsDialect.TRT_LLM, Pages.TRITON);

    assertThat(triton.running()).hasValue(5);
    assertThat(triton.waiting()).hasValue(10);
    assertThat(triton.kvUsage()).hasValue(0.25);
    assertThat(triton.promptTokens()).hasValue(2048);
    assertThat(triton.generationTokens()).hasValue(512);
    assertThat(triton.requests()).hasValue(17);
    assertThat(triton.tokenTime()).isEmpty();
    assertThat(triton.firstTokenTime()).contains(new Cumulative(2.5, 10));
  }

  @Test
  void anOlderTritonTellsWaitingByWhatIsActive() {
    String older = Pages.TRITON.replaceAll("(?m)^.*\"waiting\".*$\n", "");

    assertThat(read(MetricsDialect.TRT_LLM, older).waiting()).hasValue(1);
  }

  @Test
  void llamaCpp() {
    EngineReading llama = read(MetricsDialect.LLAMA_CPP, Pages.LLAMA_CPP);

    assertThat(llama.running()).hasValue(4);
    assertThat(llama.waiting()).hasValue(46);
    assertThat(llama.kvUsage()).isEmpty();
    assertThat(llama.promptTokens()).hasValue(512);
    assertThat(llama.generationTokens()).hasValue(1000);
    assertThat(llama.tokenTime()).contains(new Cumulative(20, 1000));
    assertThat(llama.firstTokenTime()).isEmpty();
  }

  @Test
  void tgi() {
    EngineReading tgi = read(MetricsDialect.TGI, Pages.TGI);

    assertThat(tgi.running()).hasValue(8);
    assertThat(tgi.waiting()).hasValue(3);
    assertThat(tgi.promptTokens()).hasValue(450_000);
    assertThat(tgi.generationTokens()).hasValue(180_000);
    assertThat(tgi.requests()).hasValue(900);
    assertThat(tgi.tokenTime()).contains(new Cumulative(18, 900));
    assertThat(tgi.kvUsage()).isEmpty();
  }

  @Test
  void aPageOfAnotherKindIsNotRead() {
    Exposition tgi = Exposition.parse(Pages.TGI);

    assertThat(EngineMetrics.read(MetricsDialect.VLLM, tgi)).isEmpty();
    assertThat(EngineMetrics.read(MetricsDialect.NONE, tgi)).isEmpty();
    assertThat(EngineMetrics.read(MetricsDialect.AUTO, Exposition.parse("up 1\n"))).isEmpty();
  }

  @Test
  void numbersThatCannotBeAreLeftOut() {
    EngineReading vllm =
        read(
            MetricsDialect.VLLM,
            """
            vllm:num_requests_running -3
            vllm:num_requests_waiting 1e300
            vllm:kv_cache_usage_perc 17
            vllm:prompt_tokens_total NaN
            vllm:generation_tokens_total +Inf
            vllm:inter_token_latency_seconds_sum -1
            vllm:inter_token_latency_seconds_count 2
            """);

    assertThat(vllm.running()).isEmpty();
    assertThat(vllm.waiting()).hasValue(Integer.MAX_VALUE);
    assertThat(vllm.kvUsage()).hasValue(1);
    assertThat(vllm.promptTokens()).isEmpty();
    assertThat(vllm.generationTokens()).isEmpty();
    assertThat(vllm.tokenTime()).isEmpty();
  }

  /** Named and found out. */
  private static EngineReading read(MetricsDialect dialect, String text) {
    Exposition page = Exposition.parse(text);
    assertThat(page.isPlausible()).isTrue();
    EngineMetrics.Page found = EngineMetrics.read(MetricsDialect.AUTO, page).orElseThrow();
    assertThat(found.dialect()).isEqualTo(dialect);
    assertThat(EngineMetrics.read(dialect, page)).contains(found);
    return found.reading();
  }
}
