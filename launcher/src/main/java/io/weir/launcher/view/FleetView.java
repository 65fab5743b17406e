package io.weir.launcher.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.weir.launcher.view.FleetState.Snapshot;
import io.weir.schemas.RoutingWeights;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What commands show of the fleet. */
public final class FleetView {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FleetReader reader;
  private final Clock clock;

  public FleetView(FleetReader reader, Clock clock) {
    this.reader = reader;
    this.clock = clock;
  }

  /** Every engine that the fleet's owner published, by id. */
  public Map<String, EngineStatus> engines() {
    Snapshot now = snapshot();
    Map<String, EngineStatus> byId = new TreeMap<>();
    now.engines().forEach(spec -> byId.put(spec.getId(), EngineStatus.of(now, spec)));
    return byId;
  }

  /** The tables of all sources and pools, or one sentence where there is none. */
  public List<String> weights() {
    Snapshot now = snapshot();
    if (now.weights().isEmpty()) {
      return List.of(noWeights(now));
    }
    List<String> lines = new ArrayList<>();
    for (RoutingWeights table : now.weights()) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(WeightsText.of(table, now.at()));
    }
    return lines;
  }

  /** The tables as an array of the records themselves. */
  public String weightsJson() {
    ArrayNode tables = JSON.createArrayNode();
    try {
      for (RoutingWeights table : snapshot().weights()) {
        tables.add(JSON.readTree(table.toString()));
      }
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tables);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("weights cannot be written as JSON: " + e.getMessage(), e);
    }
  }

  /** A screen that tells rates since the one before it. */
  public TopScreen top() {
    return new TopScreen(this::snapshot);
  }

  private static String noWeights(Snapshot now) {
    return now.engines().isEmpty()
        ? "No weights are planned: no engine was published, so no controller has run here yet."
        : "No weights are planned yet: the weights job has not run here, or every pool's weights"
            + " are static. Dispatchers go by the configured weights.";
  }

  private Snapshot snapshot() {
    return reader.state().at(clock.instant());
  }
}
