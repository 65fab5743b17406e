package io.weir.launcher.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.routing.replay.OverloadResult;
import io.weir.routing.replay.OverloadScenario;
import io.weir.schemas.RequestClass;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Results under overload for programs; times are milliseconds unless the name says otherwise. */
final class OverloadJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private OverloadJson() {}

  static String of(OverloadScenario scenario, List<OverloadResult> results) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    scenario(json.putObject("scenario"), scenario);
    ArrayNode runs = json.putArray("runs");
    results.forEach(result -> run(runs.addObject(), result));
    return JSON.writeValueAsString(json);
  }

  private static void scenario(ObjectNode json, OverloadScenario scenario) {
    json.put("requests", scenario.trace().requests().size());
    json.put("engines", scenario.engines().size());
    json.put("capacity_per_s", scenario.capacityPerSecond());
    json.put("seed", scenario.seed());
    json.put("tenants", scenario.mix().tenants());
    json.put("largest_tenant", scenario.mix().largest());
    json.put("slo_tpot", scenario.mix().targets().tpot().toMillis());
    ArrayNode classes = json.putArray("classes");
    for (RequestClass each : RequestClass.values()) {
      classes
          .addObject()
          .put("class", label(each))
          .put("part", scenario.mix().parts().get(each))
          .put("value", scenario.mix().values().get(each))
          .put("slo_ttft", scenario.mix().targets().ttft(each).toMillis());
    }
  }

  private static void run(ObjectNode json, OverloadResult result) {
    json.put("load", result.load());
    json.put("policy", result.policy().label());
    json.put("value", result.value());
    json.put("wasted", result.wasted());
    json.put("virtual_s", result.seconds());
    ArrayNode classes = json.putArray("classes");
    result
        .classes()
        .forEach(
            each ->
                classes
                    .addObject()
                    .put("class", label(each.requestClass()))
                    .put("requests", each.requests())
                    .put("met", each.met())
                    .put("shed", each.shed())
                    .put("dropped", each.dropped())
                    .put("ttft_p50", each.ttft().p50())
                    .put("ttft_p99", each.ttft().p99()));
    ArrayNode tenants = json.putArray("tenants");
    result
        .tenants()
        .forEach(
            each ->
                tenants
                    .addObject()
                    .put("tenant", each.tenant())
                    .put("offered", each.offered())
                    .put("served", each.served())
                    .put("met", each.met()));
  }

  private static String label(RequestClass requestClass) {
    return requestClass.name().toLowerCase(Locale.ROOT);
  }
}
