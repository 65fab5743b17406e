package io.weir.launcher.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** A summary for programs. */
final class SummaryJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private SummaryJson() {}

  /**
   * The summary as one JSON object; times are milliseconds unless the name says otherwise.
   *
   * @param about how it was measured, first in the object
   */
  static String of(RunSummary whole, Map<String, String> about) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode run = json.putObject("run");
    about.forEach(run::put);
    write(json, whole.all());
    parts(json, "classes", whole.classes());
    parts(json, "tenants", whole.tenants());
    return JSON.writeValueAsString(json);
  }

  private static void parts(ObjectNode json, String name, Map<String, Summary> parts) {
    if (!parts.isEmpty()) {
      ObjectNode object = json.putObject(name);
      parts.forEach((part, summary) -> write(object.putObject(part), summary));
    }
  }

  private static void write(ObjectNode json, Summary summary) {
    json.put("elapsed_s", summary.elapsed().toMillis() / 1e3);
    json.put("sent", summary.sent());
    json.put("answered", summary.answered());
    json.put("failed", summary.failed());
    json.put("unfinished", summary.unfinished());
    json.put("answered_per_s", summary.perSecond(summary.answered()));
    json.put("prompt_tokens", summary.promptTokens());
    json.put("output_tokens", summary.outputTokens());
    json.put("output_tokens_per_s", summary.perSecond(summary.outputTokens()));
    percentiles(json.putObject("ttft_ms"), summary.ttft());
    percentiles(json.putObject("itl_ms"), summary.itl());
    percentiles(json.putObject("tpot_ms"), summary.tpot());
    percentiles(json.putObject("e2e_ms"), summary.e2e());
    if (summary.goals().given()) {
      json.put("good", summary.good());
      json.put("good_per_s", summary.perSecond(summary.good()));
    }
    ObjectNode failures = json.putObject("failures");
    summary.failures().forEach(failures::put);
    json.put("refused", summary.refused());
    percentiles(json.putObject("refusal_ms"), summary.refusal());
    ObjectNode refusals = json.putObject("refusals");
    summary.refusals().forEach((kind, times) -> percentiles(refusals.putObject(kind), times));
    ArrayNode tries = json.putArray("tries");
    summary
        .tries()
        .forEach(
            each -> tries.addObject().put("sent", each.made()).put("answered", each.answered()));
  }

  private static void percentiles(ObjectNode json, Percentiles times) {
    json.put("count", times.count());
    json.put("p50", times.p50());
    json.put("p90", times.p90());
    json.put("p95", times.p95());
    json.put("p99", times.p99());
    json.put("p99_9", times.p999());
    json.put("max", times.max());
    json.put("mean", times.mean());
  }
}
