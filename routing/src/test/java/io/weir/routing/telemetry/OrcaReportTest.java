package io.weir.routing.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OrcaReportTest {
  private static final Map<String, Double> EXAMPLE =
      Map.of(
          "cpu_utilization", 0.3,
          "mem_utilization", 0.8,
          "rps_fractional", 10.0,
          "eps", 1.0,
          "named_metrics.custom_metric_util", 0.4);

  @Test
  void text() {
    assertThat(
            OrcaReport.parse(
                "TEXT cpu_utilization=0.3, mem_utilization=0.8, rps_fractional=10.0, eps=1,"
                    + " named_metrics.custom_metric_util=0.4"))
        .contains(new OrcaReport(EXAMPLE));
  }

  @Test
  void json() {
    assertThat(
            OrcaReport.parse(
                """
                JSON {"cpu_utilization": 0.3, "mem_utilization": 0.8, "rps_fractional": 10.0, "eps": 1,
                 "named_metrics": {"custom_metric_util": 0.4, "deeper": {"x": 1}}, "list": [1, {"a": 2}]}
                """))
        .contains(new OrcaReport(EXAMPLE));
  }

  @Test
  void binary() {
    // The example of the format's description: cpu 0.1, named metrics foo 0.1 and bar 0.2.
    String report = "CZqZmZmZmbk/MQAAAAAAAABAQg4KA2ZvbxGamZmZmZm5P0IOCgNiYXIRmpmZmZmZyT8=";
    OrcaReport expected =
        new OrcaReport(
            Map.of(
                "cpu_utilization", 0.1,
                "rps_fractional", 2.0,
                "named_metrics.foo", 0.1,
                "named_metrics.bar", 0.2));

    assertThat(OrcaReport.parse("BIN " + report)).contains(expected);
    assertThat(OrcaReport.parseBinary(report)).contains(expected);
  }

  @Test
  void whatVllmTells() {
    OrcaReport report =
        OrcaReport.parse(
                "JSON {\"named_metrics\": {\"kv_cache_usage_perc\": 0.4,"
                    + " \"num_requests_waiting\": 2.0}}")
            .orElseThrow();

    assertThat(report.kvUsage()).hasValue(0.4);
    assertThat(report.waiting()).hasValue(2);
    assertThat(report.running()).isEmpty();
  }

  @Test
  void nonsenseSaysNothing() {
    assertThat(OrcaReport.parse("")).isEmpty();
    assertThat(OrcaReport.parse("TEXT")).isEmpty();
    assertThat(OrcaReport.parse("TEXT cpu_utilization=much, =1, x")).isEmpty();
    assertThat(OrcaReport.parse("TEXT cpu_utilization=NaN")).isEmpty();
    assertThat(OrcaReport.parse("JSON {\"cpu_utilization\": 0.3")).isEmpty();
    assertThat(OrcaReport.parse("JSON [0.3]")).isEmpty();
    assertThat(OrcaReport.parse("JSON " + "{\"a\":".repeat(1_500))).isEmpty();
    assertThat(OrcaReport.parse("XML <x/>")).isEmpty();
    assertThat(OrcaReport.parse("BIN %%%")).isEmpty();
    assertThat(OrcaReport.parse("TEXT " + "a=1,".repeat(3_000))).isEmpty();
  }

  @Test
  void noBytesMakeItFail() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      String report = Base64.getEncoder().encodeToString(bytes);
      assertThat(OrcaReport.parseBinary(report)).as("seed %d", seed).isNotNull();
    }
  }
}
