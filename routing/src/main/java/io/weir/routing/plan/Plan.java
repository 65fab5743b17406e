package io.weir.routing.plan;

import io.weir.schemas.PlanInput;
import io.weir.schemas.PlanState;
import io.weir.schemas.RoutingWeights;
import java.util.List;

/**
 * What one round of planning came to.
 *
 * @param publish tables to publish, one a source, in the order of the sources; empty if nothing is
 *     to be published
 * @param memory to be given to the next round
 * @param reason why they are published
 * @param inputs what was planned with
 */
public record Plan(
    List<RoutingWeights> publish, PlanState memory, PublishReason reason, PlanInput inputs) {
  public Plan {
    publish = List.copyOf(publish);
  }

  /** The published tables with their inputs, for the history. */
  public List<RoutingWeights> history() {
    return publish.stream().map(this::withInputs).toList();
  }

  private RoutingWeights withInputs(RoutingWeights table) {
    return RoutingWeights.newBuilder()
        .setSource(table.getSource())
        .setPool(table.getPool())
        .setEpoch(table.getEpoch())
        .setVersion(table.getVersion())
        .setAt(table.getAt())
        .setIntervalMillis(table.getIntervalMillis())
        .setReason(table.getReason())
        .setTau(table.getTau())
        .setEngines(table.getEngines())
        .setClasses(table.getClasses())
        .setCertificate(table.getCertificate())
        .setInputsDigest(table.getInputsDigest())
        .setStaleInputs(table.getStaleInputs())
        .setInputs(inputs)
        .build();
  }
}
