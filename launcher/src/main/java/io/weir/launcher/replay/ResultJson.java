package io.weir.launcher.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.routing.replay.Fault;
import io.weir.routing.replay.Objectives;
import io.weir.routing.replay.Quantiles;
import io.weir.routing.replay.ReplayResult;
import io.weir.routing.replay.ReplayScenario;
import io.weir.routing.replay.ReplaySource;
import java.io.IOException;
import java.util.List;

/** Results for programs; times are milliseconds unless the name says otherwise. */
final class ResultJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ResultJson() {}

  static String of(ReplayScenario scenario, Objectives objectives, List<ReplayResult> results)
      throws IOException {
    ObjectNode json = JSON.createObjectNode();
    scenario(json.putObject("scenario"), scenario, objectives);
    ArrayNode policies = json.putArray("policies");
    results.forEach(result -> policy(policies.addObject(), scenario, result));
    return JSON.writeValueAsString(json);
  }

  private static void scenario(ObjectNode json, ReplayScenario scenario, Objectives objectives) {
    ArrayNode sources = json.putArray("sources");
    for (ReplaySource source : scenario.sources()) {
      sources
          .addObject()
          .put("name", source.name())
          .put("region", source.region())
          .put("dispatchers", source.dispatchers())
          .put("requests", source.trace().requests().size())
          .put("requests_per_s", source.trace().requestsPerSecond());
    }
    ArrayNode engines = json.putArray("engines");
    scenario
        .engines()
        .forEach(
            engine ->
                engines
                    .addObject()
                    .put("id", engine.id())
                    .put("profile", engine.profile().name())
                    .put("region", engine.region()));
    ArrayNode faults = json.putArray("faults");
    for (Fault fault : scenario.faults()) {
      faults
          .addObject()
          .put("engine", scenario.engines().get(fault.engine()).id())
          .put("at_s", fault.atNanos() * 1e-9)
          .put("slowdown", fault.slowdown());
    }
    json.put("telemetry_age", scenario.settings().telemetryAge().toMillis());
    json.put("solve_interval", scenario.settings().solveInterval().toMillis());
    json.put("max_in_flight", scenario.settings().inFlightLimit());
    json.put("seed", scenario.settings().seed());
    json.put("slo_ttft", objectives.ttft().toMillis());
    json.put("slo_tpot", objectives.tpot().toMillis());
  }

  private static void policy(ObjectNode json, ReplayScenario scenario, ReplayResult result) {
    json.put("policy", result.policy().label());
    json.put("sees_hidden_state", result.policy().seesHiddenState());
    json.put("requests", result.requests());
    json.put("rejected", result.rejected());
    json.put("virtual_s", result.seconds());
    quantiles(json.putObject("ttft"), result.ttft());
    quantiles(json.putObject("tpot"), result.tpot());
    quantiles(json.putObject("e2e"), result.e2e());
    json.put("good", result.good());
    json.put("good_per_s", result.good() * result.requests() / result.seconds());
    json.put("cache_hits", result.cacheHits());
    json.put("round_trip", result.roundTrip());
    json.put("total_variation", result.totalVariation());
    ObjectNode shares = json.putObject("shares");
    for (int e = 0; e < result.shares().size(); e++) {
      shares.put(scenario.engines().get(e).id(), result.shares().get(e));
    }
  }

  private static void quantiles(ObjectNode json, Quantiles times) {
    json.put("count", times.count());
    json.put("mean", times.mean());
    json.put("p50", times.p50());
    json.put("p90", times.p90());
    json.put("p95", times.p95());
    json.put("p99", times.p99());
    json.put("p99_9", times.p999());
    json.put("max", times.max());
  }
}
